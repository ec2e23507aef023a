import type { Redis } from 'ioredis';
import { ClvError } from '../src/domain/errors.ts';
import { queuePrefix } from './openQueues.ts';

/** Another home on this Redis has the same id, so that the jobs of one would be done on the files of the other. */
export class HomeIdTakenError extends ClvError {
  constructor({ id, root }: NamedHome) {
    super(
      'HOME_ID_TAKEN',
      `On this Redis the home id "${id}" belongs to other files than those of ${root}: the jobs of one would be done on the files of the other.`,
      {
        remedy: [
          'Give this home an id of its own: set CLV_HOME_ID to a name that no other home on this Redis has.',
          `If the other home is gone, or this is the same one and lost its outputs/.identity, hand the id over: redis-cli -u "$REDIS_URL" DEL ${claimKey(id)}`,
        ].join('\n'),
        values: { id, root },
      },
    );
  }
}

/** A copy of the home has the same id and the same mark, and each would do the jobs of the other on its own files. */
export class HomeCopiedError extends ClvError {
  /** @param other the root of the home that has the id. */
  constructor({ id, root }: NamedHome, other: string) {
    super(
      'HOME_COPIED',
      `On this Redis the home id "${id}" is used by ${other}, and ${root} is a copy of it, or it of this one (their outputs/.identity are the same): the jobs of one would be done on the files of the other.`,
      {
        remedy: [
          'Give this home an id of its own: set CLV_HOME_ID to a name that no other home on this Redis has.',
          `If this is the one to go on with, stop the programs of the other one and delete its mark: rm ${other}/outputs/.identity`,
        ].join('\n'),
        values: { id, root, other },
      },
    );
  }
}

/** What has to be known of a home whose id is claimed. */
interface NamedHome {
  readonly id: string;
  readonly root: string;
}

/**
 * Claims the id of a home for its files, if nobody has claimed it yet. Throws HomeIdTakenError where other files have
 * it.
 *
 * @param identity distinguishes the files of the home from those of any other.
 */
export async function claimHomeId(redis: Redis, home: NamedHome, identity: string): Promise<void> {
  // Reads before it writes, because a server that takes no writes can still be read.
  if ((await redis.get(claimKey(home.id))) === null) await redis.set(claimKey(home.id), identity, 'NX');
  await checkHomeId(redis, home, identity);
}

/** The same check without claiming. @param identity null for a home whose identity was never made. */
export async function checkHomeId(redis: Redis, home: NamedHome, identity: string | null): Promise<void> {
  const owner = await redis.get(claimKey(home.id));
  if (owner !== null && owner !== identity) throw new HomeIdTakenError(home);
}

/** The key under which Redis keeps the identity of the home that has the id. */
function claimKey(id: string): string {
  return `${queuePrefix(id)}:home`;
}

/** The key under which Redis keeps where the id was used last. */
export function homeSeatKey(id: string): string {
  return `${queuePrefix(id)}:seat`;
}
