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
