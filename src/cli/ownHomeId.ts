import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { openConnection } from '../../queues/openQueues.ts';
import type { Home } from '../config/home.ts';
import type { RedisLease } from '../redis/acquireRedis.ts';
import { checkHome, claimHome, type HomeClaim } from '../schedule/claimHome.ts';

/** Whether other homes may use that Redis. A private server serves no other home, so nothing can be mixed up there. */
export function isSharedByHomes({ origin }: RedisLease): boolean {
  return origin === 'REDIS_URL';
}

/**
 * Sees to it, before the queues of a home are opened, that no other home has its id on that Redis.
 * Throws HomeIdTakenError, HomeCopiedError, RedisAwayError.
 */
export async function claimOwnHomeId(home: Home, lease: RedisLease, log: Logger): Promise<void> {
  if (!isSharedByHomes(lease)) return;
  const { isGuarded, doubt } = await withConnection(lease, (redis) => claimHome(redis, home));
  if (doubt !== null) log.warn({ home: home.root, homeId: home.id }, doubt);
  if (isGuarded) return;
  log.warn(
    { home: home.root, homeId: home.id },
    `${home.identityFile} cannot be written, so that another home of the same id would not be noticed`,
  );
}

/** The same, without claiming anything: somebody may be trying out an id. Gives what is in doubt; null for nothing. */
export async function checkOwnHomeId(home: Home, lease: RedisLease): Promise<string | null> {
  if (!isSharedByHomes(lease)) return null;
  const { doubt } = await withConnection(lease, (redis) => checkHome(redis, home));
  return doubt;
}

async function withConnection(
  { url }: RedisLease,
  work: (redis: Redis) => Promise<HomeClaim>,
): Promise<HomeClaim> {
  const redis = await openConnection(url, () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
