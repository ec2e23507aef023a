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

/** Another process has kept a lock for longer than somebody here could wait. */
export class LockHeldError extends ClvError {
  readonly pid: number;
  /** Who keeps it, to begin a sentence that says what is being done meanwhile. */
  readonly who: string;

  /** @param isHere whether the process can be ended on this machine, in this container. */
  constructor(folder: string, pid: number, isHere: boolean, patienceMs: number) {
    const who = isHere ? `Process ${pid}` : `Process ${pid} of another machine or container`;
    super('LOCK_HELD', `${who} has held the lock ${folder} for more than ${patienceMs / 1000} seconds.`, {
      remedy: isHere ? `Wait for it, or end it (kill ${pid}), and try again.` : 'Wait for it and try again.',
      values: { folder, pid },
    });
    this.pid = pid;
    this.who = who;
  }
}
