import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * One process, distinguished from a later one with the same number by the moment of its start, since numbers are
 * reused.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** An opaque mark of when it started: clock ticks since boot on Linux, a date elsewhere. */
  readonly startedAt: string;
}

/** The identity of the process that has this number now; undefined if none runs (a zombie does not run). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  return process.platform === 'linux' ? identifyFromProc(pid) : identifyFromPs(pid);
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * The host within which process numbers are valid: a machine, or one container on it. Nobody here can find out whether
 * a process of another host runs, although both may share a folder.
 */
export function identifyHost(): string {
  return `${hostname()} ${numbersOfProcesses()}`;
}

/** Distinguishes containers that have the host name of their machine (pid_namespaces(7)); empty except on Linux. */
function numbersOfProcesses(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function identifyFromProc(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // proc_pid_stat(5): the second field is the command in brackets and may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return { pid, startedAt: startTicks };
}

function identifyFromPs(pid: number): ProcessIdentity | undefined {
  const answer = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const match = /^\s*(\S+)\s+(\S.*?)\s*$/m.exec(answer.stdout ?? '');
  if (match === null || match[1]!.startsWith('Z')) return undefined;
  return { pid, startedAt: match[2]! };
}
