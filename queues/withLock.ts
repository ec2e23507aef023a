import { randomBytes } from 'node:crypto';
import type { Queues } from './openQueues.ts';

const LOCK_MS = 10_000;

/** Between looking and adding nobody else may add: of two requests at one moment the second throws what `taken` gives. */
export async function withLock<T>(
  queues: Queues,
  key: string,
  work: () => Promise<T>,
  taken: () => Error,
): Promise<T> {
  const token = randomBytes(8).toString('hex');
  if ((await queues.redis.set(key, token, 'PX', LOCK_MS, 'NX')) !== 'OK') throw taken();
  try {
    return await work();
  } finally {
    if ((await queues.redis.get(key)) === token) await queues.redis.del(key);
  }
}
