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

/** Redis answers and takes no writes: its memory or disk is full, or it became a replica. */
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
/** How Redis begins an answer by which it refuses a write for its own state; within a script, older servers say so first. */
const REFUSES = /^(ERR Error running script.*-)?(OOM|READONLY|MISCONF|NOREPLICAS|MASTERDOWN) /;

/** Gives an error a name that the API answers with 503, where Redis is gone or refuses to write. */
export function asRedisAway(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ClvError) return error;
  if (AWAY.test(error.message)) return new RedisAwayError(error);
  return REFUSES.test(error.message) ? new RedisRefusesError(error) : error;
}
