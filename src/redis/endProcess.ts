import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from '../processIdentity.ts';

const POLL_MS = 10;
const PATIENCE_MS = 10_000;

/**
 * Asks exactly this process to end (SIGTERM: Redis writes out its append-only file first) and waits until it
 * is gone; after 10 seconds it is made to (SIGKILL).
 */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(identity)) return;
    try {
      process.kill(identity.pid, signal);
    } catch {
      // The process ended between the check and the signal.
      return;
    }
    const deadline = performance.now() + PATIENCE_MS;
    while (isRunning(identity)) {
      if (performance.now() > deadline) break;
      await delay(POLL_MS);
    }
  }
}
