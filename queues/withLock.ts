import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Queues } from './openQueues.ts';

const LOCK_MS = 10_000;
/** Looking and adding takes some milliseconds. */
const PATIENCE_MS = 2_000;
const POLL_MS = 20;

/**
 * Between looking and adding nobody else may add: of two requests at one moment the second looks when the first has added.
 * One that has waited for two seconds throws what `taken` gives.
 */
export async function withLock<T>(
  queues: Queues,
  key: string,
  work: () => Promise<T>,
  taken: () => Error,
): Promise<T> {
  const token = randomBytes(8).toString('hex');
  const deadline = performance.now() + PATIENCE_MS;
  while ((await queues.redis.set(key, token, 'PX', LOCK_MS, 'NX')) !== 'OK') {
    if (performance.now() > deadline) throw taken();
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if ((await queues.redis.get(key)) === token) await queues.redis.del(key);
  }
}
