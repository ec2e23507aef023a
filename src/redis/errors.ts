import { ClvError } from '../domain/errors.ts';

/** No server program on this machine; the remedy is exactly three commands, one of which helps. */
export class RedisMissingError extends ClvError {
  constructor(sentence: string, commands: readonly [string, string, string]) {
    super('REDIS_MISSING', sentence, {
      remedy: `One of these three commands helps:\n${commands.map((command) => `  ${command}`).join('\n')}`,
      values: { commands },
    });
  }
}

/** A server, or a server program, older than the queue needs. */
export class RedisTooOldError extends ClvError {
  constructor(where: string, found: string, needed: string, remedy: string) {
    super('REDIS_TOO_OLD', `${where} is ${found}, and BullMQ asks for Redis ${needed} or newer.`, {
      remedy,
      values: { where, found, needed },
    });
  }
}

/** `REDIS_URL` does not read as the address of a Redis server. */
export class RedisUrlError extends ClvError {
  constructor(sentence: string) {
    super('REDIS_URL_INVALID', sentence, {
      remedy:
        'Write it as redis://[user:password@]host:port[/database], or rediss:// for TLS. Special characters in the password are percent-encoded.',
    });
  }
}

/** A server that should be there does not answer, or does not let this program in. */
export class RedisUnreachableError extends ClvError {
  constructor(address: string, reason: string, remedy: string, cause?: unknown) {
    super('REDIS_UNREACHABLE', `Redis at ${address} ${reason}.`, {
      remedy,
      values: { address, reason },
      cause,
    });
  }
}

/** The private server of a home could not be started, found again, or locked. */
export class RedisStartError extends ClvError {
  constructor(sentence: string, remedy: string, values: Readonly<Record<string, unknown>> = {}) {
    super('REDIS_START_FAILED', sentence, { remedy, values });
  }
}
