/**
 * The oldest server that is accepted. BullMQ 6 works from 5.0 on, but warns below 6.2, the minimum that it recommends
 * (`RedisConnection.recommendedMinimumVersion`). What it warns about is refused here, with an error that says so.
 */
export const NEEDED_VERSION = '6.2.0';

/** A server's name and number, e.g. `Redis 7.0.15`. */
export interface ServerVersion {
  readonly product: string;
  /** The product's own number, as people know it. */
  readonly number: string;
  /** The Redis release whose commands it speaks; equal to `number` unless it is a relative of Redis. */
  readonly compatibleWith: string;
}

/** Whether dotted number `version` is `needed` or newer; missing parts count as 0. */
export function isAtLeast(version: string, needed: string): boolean {
  const left = version.split('.').map(Number);
  const right = needed.split('.').map(Number);
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The version in the answer to `redis-server --version`, or undefined if it is no such answer. */
export function parseProgramVersion(text: string): ServerVersion | undefined {
  const match = /^(Redis|Valkey) server v=(\d+(?:\.\d+)*)/im.exec(text);
  if (match === null) return undefined;
  const number = match[2]!;
  // Every release of Valkey, of which 7.2 was the first, understands the commands of Redis 7.2.
  return match[1]!.toLowerCase() === 'valkey'
    ? { product: 'Valkey', number, compatibleWith: '7.2.4' }
    : { product: 'Redis', number, compatibleWith: number };
}

/** The version in an answer to `INFO`, as a map from field to value. */
export function parseInfoVersion(info: ReadonlyMap<string, string>): ServerVersion | undefined {
  const redis = info.get('redis_version');
  if (redis === undefined) return undefined;
  const valkey = info.get('valkey_version');
  return valkey === undefined
    ? { product: 'Redis', number: redis, compatibleWith: redis }
    : { product: 'Valkey', number: valkey, compatibleWith: redis };
}
