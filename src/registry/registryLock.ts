import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { RedisStartError } from '../redis/errors.ts';
import { holdingLock } from '../redis/folderLock.ts';

/** Another process has been changing the registry for so long that something is wrong with it. */
export class RegistryBusyError extends ClvError {}

/** A decision takes some milliseconds; only a process that was stopped in the middle holds the lock for longer. */
const PATIENCE_MS = 10_000;

/**
 * Runs `work` while nobody else on this machine changes the ledgers of the home. A holder that died does not count.
 * Throws RegistryBusyError.
 */
export function withRegistryLock<T>(home: Home, work: () => Promise<T>): Promise<T> {
  return holdingLockOf('registry', home, work);
}

/** The same for the drift history and what belongs to it. Work in it may take the lock of the registry, never the reverse. */
export function withMonitoringLock<T>(home: Home, work: () => Promise<T>): Promise<T> {
  return holdingLockOf('monitoring', home, work);
}

async function holdingLockOf<T>(
  what: 'registry' | 'monitoring',
  home: Home,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await holdingLock(`${home.state}/${what}-lock`, PATIENCE_MS, work);
  } catch (error) {
    // The words of that error are about a server.
    if (!(error instanceof RedisStartError)) throw error;
    const { pid } = error.values;
    throw new RegistryBusyError(
      'REGISTRY_BUSY',
      `Process ${pid} has been changing the ${what === 'registry' ? 'registry' : 'monitoring files'} of ${home.root} for more than ${PATIENCE_MS / 1000} seconds.`,
      { remedy: `Wait for it, or end it (kill ${pid}), and try again.`, values: { pid }, cause: error },
    );
  }
}
