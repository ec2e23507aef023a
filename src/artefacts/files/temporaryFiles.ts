import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identifyHost, identifyProcess } from '../../processIdentity.ts';
import { systemClock } from '../../systemClock.ts';

/** No file takes a day to write: one of another host that lay still for longer was left behind. */
const FOREIGN_AGE_MS = 24 * 3600 * 1000;

/** A name for what will become `path`, in the same folder, that says which process writes it. */
export function temporaryName(path: string): string {
  return `${path}.${ownMark()}.${randomBytes(4).toString('hex')}.tmp`;
}

/**
 * Removes, in `folder` and all below it, the temporary files of processes that ended before they could rename or
 * remove them; gives their paths. Files that are being written stay, those of other hosts for a day, because their
 * processes cannot be asked for.
 *
 * @param isDeep false leaves the folders below alone: for a folder that may hold anything.
 */
export async function sweepTemporaryFiles(folder: string, isDeep = true): Promise<string[]> {
  const entries = await readdir(folder, { recursive: isDeep, withFileTypes: true }).catch(asEmpty);
  const swept: string[] = [];
  for (const entry of entries) {
    const mark = /\.([0-9a-f]{8}-[0-9]+-[0-9a-f]{8})\.[0-9a-f]{8}\.tmp$/.exec(entry.name)?.[1];
    const path = join(entry.parentPath, entry.name);
    if (mark === undefined || !entry.isFile() || !(await isLeftBehind(path, mark))) continue;
    await rm(path, { force: true });
    swept.push(path);
  }
  return swept;
}

/**
 * Sweeps the one folder that `path` is about to be written to. Never throws: what is wrong with the folder is said when
 * the file is written.
 */
export async function sweepBeside(path: string): Promise<void> {
  await sweepTemporaryFiles(dirname(path), false).catch(() => undefined);
}

async function isLeftBehind(path: string, mark: string): Promise<boolean> {
  const [host, pid] = mark.split('-') as [string, string];
  if (host === hostMark()) return mark !== markOf(Number(pid));
  const age = await stat(path).then((facts) => systemClock.now() - facts.mtimeMs, asGone);
  return age > FOREIGN_AGE_MS;
}

let own: string | undefined;

/** The mark of this process, looked up once. */
function ownMark(): string {
  own ??= markOf(process.pid);
  return own;
}

/** Host, number and start of the process that has this number now: a later one of the same number has another mark. */
function markOf(pid: number): string {
  return `${hostMark()}-${pid}-${shortHash(identifyProcess(pid)?.startedAt ?? '')}`;
}

function hostMark(): string {
  return shortHash(identifyHost());
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function asEmpty(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Renamed or removed by its process since it was listed. */
function asGone(error: NodeJS.ErrnoException): number {
  if (error.code === 'ENOENT') return 0;
  throw error;
}
