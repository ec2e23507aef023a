import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isRunning } from '../processIdentity.ts';
import { askServer } from './askServer.ts';
import { endProcess } from './endProcess.ts';
import { RedisStartError } from './errors.ts';
import type { ServerProgram } from './findServerProgram.ts';
import { serverConfiguration } from './serverConfiguration.ts';
import type { ServerFacts } from './serverFacts.ts';
import { removeRecord, type ServerRecord, urlOf, writeRecord } from './serverRecord.ts';
import { writePrivateFile } from './writePrivateFile.ts';

/** Reading a long append-only file takes time, but a server that is still silent after this long is stuck. */
export const READY_PATIENCE_MS = 60_000;
const POLL_MS = 15;
const PORT_ATTEMPTS = 5;

/** A running server and what it said about itself. */
export interface RunningServer {
  readonly record: ServerRecord;
  readonly facts: ServerFacts;
}

/**
 * Starts a server on a free loopback port with its data in `folder`, and waits until it serves.
 *
 * To be called under the lock of the folder. The server has its own session, so that Ctrl-C in the terminal reaches the
 * programs that use the server, which then end it, and not the server itself. Its record is written before it may
 * listen: the shell that starts it waits for a line, and ends if this program does. So, whenever this program is
 * killed, there is either no server, or one that the next program finds.
 *
 * @param successorOf the record of a server that died, whose port and password its clients still use
 * @throws RedisStartError with the last lines that the server wrote
 */
export async function startServer(
  folder: string,
  program: ServerProgram,
  successorOf?: ServerRecord,
): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    const port = successorOf?.port ?? (await freePort());
    const password = successorOf?.password ?? randomBytes(24).toString('hex');
    const record = launch(folder, program, port, password);
    try {
      return { record, facts: await becomeReady(folder, record) };
    } catch (error) {
      await endProcess(record.process);
      // That of a successor stays, with the address that clients look for: whoever starts the next one finds it there.
      if (successorOf === undefined) removeRecord(folder);
      const wasTaken = /bind: |Address already in use/i.test(lastLines(folder));
      if (!wasTaken || successorOf !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** Waits until the recorded server has read its data and serves. @throws RedisStartError if it ends or is stuck */
export async function becomeReady(
  folder: string,
  record: ServerRecord,
): Promise<ServerFacts & { folder: string | undefined }> {
  const deadline = performance.now() + READY_PATIENCE_MS;
  let lastRefusal = '';
  while (performance.now() < deadline) {
    if (!isRunning(record.process)) {
      throw new RedisStartError(
        `The private Redis ended while it started. Its last words:\n${lastLines(folder)}`,
        `Its log is ${join(folder, 'redis.log')}. If its data is damaged, move ${join(folder, 'appendonlydir')} aside: ` +
          'schedules and waiting alarms are rebuilt from the files of the home.',
        { folder, pid: record.process.pid },
      );
    }
    try {
      const facts = await askServer(urlOf(record), { timeoutMs: 2_000, withFolder: true });
      // Another server may answer at this port, until this one has it.
      if (facts.processId === record.process.pid && !facts.isLoading) return facts;
    } catch (error) {
      lastRefusal = (error as Error).message;
    }
    await delay(POLL_MS);
  }
  throw new RedisStartError(
    `The private Redis (process ${record.process.pid}, port ${record.port}) runs but does not serve. ${lastRefusal}`,
    `Look into ${join(folder, 'redis.log')}, end it (kill ${record.process.pid}), and try again.`,
    { folder, pid: record.process.pid, port: record.port },
  );
}

function launch(folder: string, program: ServerProgram, port: number, password: string): ServerRecord {
  const configuration = join(folder, 'redis.conf');
  writePrivateFile(configuration, serverConfiguration({ port, password, folder }));
  const log = openLog(folder);
  // `exec` keeps the process number that is recorded below. The configuration is passed as input, because the server
  // treats a path as a pattern, and if it matches nothing, runs with its default settings.
  const child = spawn('/bin/sh', ['-c', 'read -r go && exec "$0" - < "$1"', program.path, configuration], {
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  const started = child.pid === undefined ? undefined : identifyProcess(child.pid);
  // Whatever goes wrong from here on shows up as a process that has ended; see becomeReady.
  child.on('error', () => {});
  child.stdin!.on('error', () => {});
  if (started === undefined) {
    throw new RedisStartError(
      'The private Redis could not be started: /bin/sh did not run.',
      'Check /bin/sh.',
    );
  }
  const record: ServerRecord = { process: started, port, password };
  try {
    writeRecord(folder, record);
  } catch (error) {
    // Without its record nobody would find the server again; the shell ends when its input does.
    child.stdin!.end();
    child.unref();
    throw error;
  }
  child.stdin!.end('go\n');
  child.unref();
  return record;
}

/**
 * Opens the log of this start. Only the log of the start before is kept beside it, so that logs cannot fill the disk.
 */
function openLog(folder: string): number {
  const file = join(folder, 'redis.log');
  try {
    renameSync(file, join(folder, 'redis.previous.log'));
  } catch {
    // There is no earlier log at the first start.
  }
  return openSync(file, 'a', 0o600);
}

function lastLines(folder: string): string {
  try {
    return readFileSync(join(folder, 'redis.log'), 'utf8').trimEnd().split('\n').slice(-6).join('\n');
  } catch {
    return '';
  }
}

/** A loopback port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a listening TCP socket has a port');
  return address.port;
}
