import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { FileWriteError } from '../artefacts/files/replaceFile.ts';
import { holdingLock } from '../locks/folderLock.ts';
import { LockHeldError } from '../locks/lockHeldError.ts';
import { isRunning } from '../processIdentity.ts';
import { endProcess } from './endProcess.ts';
import { RedisStartError } from './errors.ts';
import type { ServerProgram } from './findServerProgram.ts';
import { countLeases, removeLease, writeLease } from './leases.ts';
import { readRecord, removeRecord, type ServerRecord, urlOf } from './serverRecord.ts';
import { becomeReady, READY_PATIENCE_MS, type RunningServer, startServer } from './startServer.ts';

/**
 * Longer than a start may take, so that whoever waits for the lock learns how the start went, and does not give up
 * before.
 */
const LOCK_PATIENCE_MS = READY_PATIENCE_MS + 30_000;
const WATCH_MS = 1_000;

/** A program's share in the private server of a home. */
export interface PrivateShare extends RunningServer {
  /** Whether this call started the server; otherwise it found one running. */
  readonly isStarter: boolean;
  /**
   * Gives the share back; the last program to do so stops the server, unless it cannot take the lock on a full disk.
   */
  leave(): Promise<void>;
}

/**
 * Joins the private server of the home, starting it when none runs.
 *
 * All programs of a home share one server. Lease files name the processes that use it; joining and leaving happen under
 * one lock. While the share lasts, a server that dies is started again on the same port with the same password, so that
 * open connections find it again by themselves.
 *
 * @param findProgram called only if a server has to be started
 * @throws RedisStartError, FileWriteError, and what `findProgram` throws
 */
export async function joinPrivateRedis(
  homeRoot: string,
  findProgram: () => Promise<ServerProgram>,
  log: (sentence: string) => void,
): Promise<PrivateShare> {
  const folder = ownFolder(homeRoot);
  const locks = join(folder, 'locks');
  const locked = <T>(work: () => Promise<T>) =>
    holdingLock(locks, LOCK_PATIENCE_MS, work).catch(asStartError);

  const findOrStart = async (known?: ServerRecord): Promise<RunningServer & { isStarter: boolean }> => {
    const found = await findRunning(folder);
    if (found !== undefined) return { ...found, isStarter: false };
    // Programs with a lease on a server that died keep looking for it at the old port.
    const died = countLeases(folder) > 0 ? (readRecord(folder) ?? known) : undefined;
    return { ...(await startServer(folder, await findProgram(), died)), isStarter: true };
  };

  const joined = await locked(async () => ({ ...(await findOrStart()), lease: writeLease(folder) }));

  let record = joined.record;
  let revival: Promise<void> | undefined;
  let isHopeless = false;
  const watch = setInterval(() => {
    if (revival !== undefined || isRunning(record.process)) return;
    if (!isHopeless) log('The private Redis ended unexpectedly; it is started again.');
    revival = locked(async () => {
      const found = (await findOrStart(record)).record;
      if (urlOf(found) !== urlOf(joined.record)) {
        log(
          'The private Redis runs at another address now, where this program does not look: start it again.',
        );
      }
      record = found;
      isHopeless = false;
    })
      .catch((error: Error) => {
        // It is tried again every second, since a full disk may be emptied, but reported only once.
        if (!isHopeless) log(`The private Redis could not be started again. ${error.message}`);
        isHopeless = true;
      })
      .finally(() => {
        revival = undefined;
      });
  }, WATCH_MS);
  watch.unref();

  const leave = async () => {
    clearInterval(watch);
    await revival;
    // Before taking the lock, which fails on a full disk: the server must not seem to be in use for ever.
    removeLease(joined.lease);
    await locked(async () => {
      if (countLeases(folder) > 0) return;
      // Another program may have started a successor that was not noticed here yet.
      await endProcess((readRecord(folder) ?? record).process);
      removeRecord(folder);
    }).catch((error) => {
      // The program has done its work, or failed for a reason that must not be hidden by this one.
      if (!(error instanceof FileWriteError)) throw error;
      log(
        `The private Redis could not be stopped; the next program of this home takes it over. ${error.message}`,
      );
    });
  };
  let left: Promise<void> | undefined;
  return {
    record: joined.record,
    facts: joined.facts,
    isStarter: joined.isStarter,
    leave: () => {
      left ??= leave();
      return left;
    },
  };
}

/** The real path of `.clv/redis` under the home, made accessible to its owner only. */
function ownFolder(homeRoot: string): string {
  const folder = join(homeRoot, '.clv', 'redis');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The mode above applies only to a new folder.
    chmodSync(folder, 0o700);
    return realpathSync(folder);
  } catch (error) {
    throw new RedisStartError(
      `The folder ${folder} for the private Redis cannot be made (${(error as Error).message}).`,
      'Make the home writable for this user, name another home (--home), or set REDIS_URL.',
      { folder },
    );
  }
}

/**
 * The server that the record names, if it really is the one of this folder.
 *
 * Everything is checked: the process must be the one that was started (and not a later one with the same number), it
 * must accept the password, answer with that process number, and keep its data here (the record of a copied home names
 * the server of the original).
 */
async function findRunning(folder: string): Promise<RunningServer | undefined> {
  const record = readRecord(folder);
  if (record === undefined || !isRunning(record.process)) return undefined;
  try {
    const facts = await becomeReady(folder, record);
    if (facts.folder === folder) return { record, facts };
  } catch (error) {
    // A server that ends during the check (because its starter was killed before it let it begin) does not count. One
    // that runs and does not answer may still write to the data, so no second one may be started beside it.
    if (isRunning(record.process)) throw error;
    return undefined;
  }
  removeRecord(folder);
  return undefined;
}

/** Turns the error for a lock that is held into one that says that somebody is starting or stopping the server. */
function asStartError(error: unknown): never {
  if (!(error instanceof LockHeldError)) throw error;
  const { who, pid, remedy } = error;
  throw new RedisStartError(
    `${who} has been starting or stopping the private Redis for more than ${LOCK_PATIENCE_MS / 1000} seconds.`,
    remedy ?? '',
    { pid },
  );
}
