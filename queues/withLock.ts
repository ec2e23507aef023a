import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Queues } from './openQueues.ts';

const LOCK_MS = 10_000;
/** How long to wait for the lock: looking and adding takes only some milliseconds. */
const PATIENCE_MS = 2_000;
const POLL_MS = 20;

/**
 * Deletes the lock only if it still is ours, in one step, because it may expire and be taken by others at any moment.
 */
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`;

/**
 * Runs `work` while nobody else holds the lock `key` in Redis. So nobody can add a job after somebody else has looked
 * and before that one has added: of two requests at the same moment, the second looks when the first has added. The
 * lock expires after ten seconds.
 *
 * @throws what `work` throws, and what `taken` returns after waiting two seconds for the lock.
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
    // A lock that cannot be given back expires by itself, and the failure must not hide the outcome of the work.
    await queues.redis.eval(RELEASE, 1, key, token).catch(() => undefined);
  }
}
