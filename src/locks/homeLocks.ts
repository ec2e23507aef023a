import { TransientError } from '../domain/errors.ts';
import { holdingLock } from './folderLock.ts';
import { LockHeldError } from './lockHeldError.ts';

/**
 * Another process has been changing the registry for so long that something must be wrong with it. A job is tried
 * again.
 */
export class RegistryBusyError extends TransientError {}

/** What a lock needs to know of a home. */
interface LockedHome {
  readonly root: string;
  /** The folder of the locks. */
  readonly state: string;
}

/**
 * How long to wait: a decision takes some milliseconds, so only a process that was stopped halfway holds a lock for
 * longer.
 */
const PATIENCE_MS = 10_000;

/**
 * Runs `work` while nobody else changes the ledgers of the home. The lock of a process that died does not count; on
 * another host (a container, or a machine that shares the folder) it does for some seconds more. Throws
 * RegistryBusyError.
 */
export function withRegistryLock<T>(home: LockedHome, work: () => Promise<T>): Promise<T> {
  return holdingLockOf('registry', home, work);
}

/**
 * The same for the drift history and what belongs to it. `work` may take the lock of the registry, but never the
 * reverse.
 */
export function withMonitoringLock<T>(home: LockedHome, work: () => Promise<T>): Promise<T> {
  return holdingLockOf('monitoring', home, work);
}

/** The same for the runs that were asked for ahead of their day. `work` takes no other of these locks. */
export function withScheduleLock<T>(home: LockedHome, work: () => Promise<T>): Promise<T> {
  return holdingLockOf('schedule', home, work);
}

const FILES = { registry: 'registry', monitoring: 'monitoring files', schedule: 'runs ahead' } as const;

async function holdingLockOf<T>(
  what: keyof typeof FILES,
  home: LockedHome,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await holdingLock(`${home.state}/${what}-lock`, PATIENCE_MS, work);
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    const { who, pid, remedy } = error;
    throw new RegistryBusyError(
      'REGISTRY_BUSY',
      `${who} has been changing the ${FILES[what]} of ${home.root} for more than ${PATIENCE_MS / 1000} seconds.`,
      { remedy, values: { pid }, cause: error },
    );
  }
}
