import type { Queues } from '../../queues/openQueues.ts';
import { asRedisAway, RedisAwayError, RedisRefusesError } from '../../queues/redisAwayError.ts';
import { within } from './within.ts';

/** A server that has not answered a PING after this long is as good as away. */
const PATIENCE_MS = 1_000;

/**
 * Throws RedisAwayError at once where the connection is broken, and after a second where the server is silent. One that cannot
 * write to its disk refuses even a PING; it can be read all the same, and says so itself of what is to be queued.
 */
export async function demandRedis(queues: Queues): Promise<void> {
  try {
    await within(PATIENCE_MS, queues.redis.ping(), `no answer to a PING in ${PATIENCE_MS} ms`);
  } catch (error) {
    if (asRedisAway(error) instanceof RedisRefusesError) return;
    throw new RedisAwayError(error);
  }
}

/**
 * The same, and throws what Redis says where it takes no writes, although it answers a PING; RedisRefusesError once
 * `asRedisAway` has looked at it. Leaves a key of no meaning for a second.
 */
export async function demandWritable(queues: Queues): Promise<void> {
  await demandRedis(queues);
  await queues.redis.set(`${queues.prefix}:ready`, '1', 'PX', 1000);
}
