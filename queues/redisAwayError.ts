import { ClvError } from '../src/domain/errors.ts';

/** Redis does not answer, so nothing can be queued or looked up. */
export class RedisAwayError extends ClvError {
  constructor(cause: unknown) {
    super('REDIS_AWAY', 'Redis does not answer, so nothing can be queued or looked up.', {
      remedy: 'Try again in a minute; clv doctor says what is wrong with it.',
      cause,
    });
  }
}

/** Redis answers but takes no writes, because its memory or disk is full, or because it became a replica. */
export class RedisRefusesError extends ClvError {
  constructor(cause: Error) {
    super('REDIS_REFUSES', `Redis answers, but does not take what is to be queued: ${cause.message}`, {
      remedy:
        'Give it room (memory for OOM, disk for MISCONF) or point REDIS_URL at a server that may be written to (READONLY, NOREPLICAS, MASTERDOWN), and try again.',
      cause,
    });
  }
}

const AWAY =
  /enableOfflineQueue|Connection is closed|Command timed out|ECONNREFUSED|ECONNRESET|max retries per request|EPIPE/i;
/**
 * How Redis begins an answer that refuses a write because of its own state; older servers put a prefix before it in
 * scripts.
 */
const REFUSES = /^(ERR Error running script.*-)?(OOM|READONLY|MISCONF|NOREPLICAS|MASTERDOWN) /;

/** The error, or instead of it one that the API answers with 503, if Redis is away or refuses to write. */
export function asRedisAway(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ClvError) return error;
  if (AWAY.test(error.message)) return new RedisAwayError(error);
  return REFUSES.test(error.message) ? new RedisRefusesError(error) : error;
}
