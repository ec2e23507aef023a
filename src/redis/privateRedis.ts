import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { FileWriteError } from '../artefacts/replaceFile.ts';
import { holdingLock } from '../locks/folderLock.ts';
import { LockHeldError } from '../locks/lockHeldError.ts';
import { isRunning } from '../processIdentity.ts';
import { endProcess } from './endProcess.ts';
import { RedisStartError } from './errors.ts';
import type { ServerProgram } from './findServerProgram.ts';
import { countLeases, removeLease, writeLease } from './leases.ts';
import { readRecord, removeRecord, type ServerRecord } from './serverRecord.ts';
import { becomeReady, READY_PATIENCE_MS, type RunningServer, startServer } from './startServer.ts';

/** Longer than a start may take, so that a contender hears how the start went and not that it waited. */
const LOCK_PATIENCE_MS = READY_PATIENCE_MS + 30_000;
const WATCH_MS = 1_000;

/** A program's share in the private server of a home. */
export interface PrivateShare extends RunningServer {
  /** Whether this call started the server; otherwise it found one running. */
  readonly isStarter: boolean;
  /** Gives the share back; the last one to do so stops the server, where the disk lets it take the lock. */
  leave(): Promise<void>;
}

/**
 * Joins the private server of the home, starting it when none runs.
 *
 * All programs of a home share one server. Who is using it stands in lease files that name living processes;
 * joining and leaving happen under one lock. While the share lasts, a server that dies is started again on
 * the same port with the same password, so that open connections find it by themselves.
 *
 * @param findProgram called only when a server must be started
 * @throws RedisStartError, and what `findProgram` throws
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
    // Programs that hold a lease on a server that died go on looking for it where it was.
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
      record = (await findOrStart(record)).record;
      isHopeless = false;
    })
      .catch((error: Error) => {
        // Tried again every second (a full disk may be emptied), but said once.
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
    // Before the lock, which cannot be had on a full disk: the server must not seem to be in use for ever.
    removeLease(joined.lease);
    await locked(async () => {
      if (countLeases(folder) > 0) return;
      // Another program may have started its successor, unnoticed here so far.
      await endProcess((readRecord(folder) ?? record).process);
      removeRecord(folder);
    }).catch((error) => {
      // What the program came for is done, or failed for a reason of its own that must be heard.
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

/** `.clv/redis` under the home, open to nobody else, by its real name. */
function ownFolder(homeRoot: string): string {
  const folder = join(homeRoot, '.clv', 'redis');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The mode above counts only for a new folder.
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
 * The server that the record names, if it is really the one of this folder.
 *
 * Nothing is believed that was not checked: the process must be the very one that was started (a reused number
 * does not do), it must accept the secret, answer with that process number, and keep its data here (the record
 * of a copied home names the server of the original).
 */
async function findRunning(folder: string): Promise<RunningServer | undefined> {
  const record = readRecord(folder);
  if (record === undefined || !isRunning(record.process)) return undefined;
  try {
    const facts = await becomeReady(folder, record);
    if (facts.folder === folder) return { record, facts };
  } catch (error) {
    // One that ends while we look (its starter was killed before he let it begin) is one that is not there;
    // one that runs and does not answer may still write to the data, so it must not get a rival.
    if (isRunning(record.process)) throw error;
    return undefined;
  }
  removeRecord(folder);
  return undefined;
}

/** The lock of the server is held by whoever starts or stops it. */
function asStartError(error: unknown): never {
  if (!(error instanceof LockHeldError)) throw error;
  const { who, pid, remedy } = error;
  throw new RedisStartError(
    `${who} has been starting or stopping the private Redis for more than ${LOCK_PATIENCE_MS / 1000} seconds.`,
    remedy ?? '',
    { pid },
  );
}
