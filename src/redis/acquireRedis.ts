import { addressOf, askServer } from './askServer.ts';
import { RedisTooOldError, RedisUnreachableError, RedisUrlError } from './errors.ts';
import { type Environment, findServerProgram } from './findServerProgram.ts';
import { joinPrivateRedis } from './privateRedis.ts';
import { warningsAbout } from './serverFacts.ts';
import { urlOf } from './serverRecord.ts';
import { isAtLeast, NEEDED_VERSION } from './version.ts';

/** If a server in REDIS_URL has not answered after this time, that is reported. */
const ANSWER_PATIENCE_MS = 5_000;

/** The right to use a Redis server until it is released. */
export interface RedisLease {
  /** Where to connect, with its password: not for logs. */
  readonly url: string;
  /** `host:port`, fit for logs. */
  readonly address: string;
  /**
   * Where the server comes from: named by the environment, started by this call, or by another program of this home.
   */
  readonly origin: 'REDIS_URL' | 'private' | 'shared-private';
  /** Name and number, e.g. `Redis 7.0.15`. */
  readonly version: string;
  /** What an operator should put right, each a sentence with its remedy; empty for a private server. */
  readonly warnings: readonly string[];
  /**
   * To be called once every connection to the server is closed; calling it again does nothing. A private
   * server is stopped by the last program that releases it.
   */
  release(): Promise<void>;
}

/**
 * Finds or starts the Redis server of a home: the one in `REDIS_URL`, else a private one that all programs of
 * the home share, on a free loopback port, with its data under `.clv/redis`.
 *
 * @param options.homeRoot the home's folder; must exist
 * @param options.env the environment, of which `REDIS_URL`, `REDIS_BIN` and `PATH` are used
 * @param options.log called with a sentence about what happens later on, e.g. that a private server had to be restarted
 * @throws RedisUrlError, RedisUnreachableError, RedisTooOldError, RedisMissingError, RedisStartError
 */
export async function acquireRedis(options: {
  readonly homeRoot: string;
  readonly env: Environment;
  readonly log: (sentence: string) => void;
}): Promise<RedisLease> {
  const given = options.env.REDIS_URL?.trim();
  if (given) return acquireGiven(given);
  const share = await joinPrivateRedis(options.homeRoot, () => findServerProgram(options.env), options.log);
  const url = urlOf(share.record);
  return {
    url,
    address: addressOf(url),
    origin: share.isStarter ? 'private' : 'shared-private',
    version: nameOf(share.facts.version),
    warnings: [],
    release: share.leave,
  };
}

async function acquireGiven(url: string): Promise<RedisLease> {
  checkUrl(url);
  const address = addressOf(url);
  const facts = await askServer(url, { timeoutMs: ANSWER_PATIENCE_MS });
  const version = nameOf(facts.version);
  if (!isAtLeast(facts.version.compatibleWith, NEEDED_VERSION)) {
    throw new RedisTooOldError(
      `The server at ${address}`,
      version,
      NEEDED_VERSION,
      'Upgrade it, point REDIS_URL at a newer one, or unset REDIS_URL to use a private one.',
    );
  }
  if (facts.isReplica) {
    throw new RedisUnreachableError(
      address,
      'is a replica, which takes no writes',
      'Point REDIS_URL at its primary.',
    );
  }
  return {
    url,
    address,
    origin: 'REDIS_URL',
    version,
    warnings: warningsAbout(facts, address),
    release: async () => {},
  };
}

/** The error does not repeat the text, which may contain a password. @throws RedisUrlError */
function checkUrl(url: string): void {
  if (url.startsWith('/')) return;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new RedisUrlError('REDIS_URL cannot be read as an address.');
  }
  if (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:') {
    throw new RedisUrlError(
      `REDIS_URL begins with ${parsed.protocol}// where redis:// or rediss:// is needed.`,
    );
  }
  if (parsed.hostname === '') throw new RedisUrlError('REDIS_URL names no host.');
}

function nameOf(version: { readonly product: string; readonly number: string }): string {
  return `${version.product} ${version.number}`;
}
