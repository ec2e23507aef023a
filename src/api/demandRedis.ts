import type { Queues } from '../../queues/openQueues.ts';
import { RedisAwayError } from '../../queues/redisAwayError.ts';
import { within } from './within.ts';

/** A server that has not answered a PING after this long is as good as away. */
const PATIENCE_MS = 1_000;

/** Throws RedisAwayError at once where the connection is broken, and after a second where the server is silent. */
export async function demandRedis(queues: Queues): Promise<void> {
  try {
    await within(PATIENCE_MS, queues.redis.ping(), `no answer to a PING in ${PATIENCE_MS} ms`);
  } catch (error) {
    throw new RedisAwayError(error);
  }
}
