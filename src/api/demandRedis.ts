import type { Queues } from '../../queues/openQueues.ts';
import { asRedisAway, RedisAwayError, RedisRefusesError } from '../../queues/redisAwayError.ts';
import { within } from './within.ts';

/** A server that has not answered a PING after this long is as good as away. */
const PATIENCE_MS = 1_000;

/**
 * Throws RedisAwayError at once where the connection is broken, and after a second where the server is silent;
 * RedisRefusesError where it answers even a PING with no, as a replica does that lost its master.
 */
export async function demandRedis(queues: Queues): Promise<void> {
  try {
    await within(PATIENCE_MS, queues.redis.ping(), `no answer to a PING in ${PATIENCE_MS} ms`);
  } catch (error) {
    const named = asRedisAway(error);
    throw named instanceof RedisRefusesError ? named : new RedisAwayError(error);
  }
}
