import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { checkHomeId, claimHomeId } from '../../queues/homeClaim.ts';
import { openConnection } from '../../queues/openQueues.ts';
import type { Home } from '../config/home.ts';
import { ensureHomeIdentity, readHomeIdentity } from '../config/homeIdentity.ts';
import type { RedisLease } from '../redis/acquireRedis.ts';

/**
 * Sees to it, before the queues of a home are opened, that no other home has its id on that Redis. A private server serves
 * no other home, so nothing can be mixed up there. Throws HomeIdTakenError, RedisAwayError.
 */
export async function claimOwnHomeId(home: Home, lease: RedisLease, log: Logger): Promise<void> {
  if (lease.origin !== 'REDIS_URL') return;
  const identity = await ensureHomeIdentity(home);
  if (identity !== null) return withConnection(lease, (redis) => claimHomeId(redis, home, identity));
  log.warn(
    { home: home.root, homeId: home.id },
    `${home.identityFile} cannot be written, so that another home of the same id would not be noticed`,
  );
}

/** The same, without claiming anything: somebody may be trying out an id. */
export async function checkOwnHomeId(home: Home, lease: RedisLease): Promise<void> {
  if (lease.origin !== 'REDIS_URL') return;
  const identity = await readHomeIdentity(home);
  await withConnection(lease, (redis) => checkHomeId(redis, home, identity));
}

async function withConnection({ url }: RedisLease, work: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = await openConnection(url, () => undefined);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}
