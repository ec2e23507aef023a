import type { Redis } from 'ioredis';
import { ClvError } from '../src/domain/errors.ts';
import { queuePrefix } from './openQueues.ts';

/** The id of a home is that of another one on this Redis: the jobs of one would be done on the files of the other. */
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

/** A copy of the home has its id: both have the same mark, and each would do the jobs of the other on its own files. */
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

/** What is asked of a home whose id is claimed. */
interface NamedHome {
  readonly id: string;
  readonly root: string;
}

/**
 * Claims the id of a home for its files, where nobody did before. Throws HomeIdTakenError where other files have it.
 *
 * @param identity what tells the files of the home from those of any other.
 */
export async function claimHomeId(redis: Redis, home: NamedHome, identity: string): Promise<void> {
  // Asked first: a server that takes no writes can still be looked at.
  if ((await redis.get(claimKey(home.id))) === null) await redis.set(claimKey(home.id), identity, 'NX');
  await checkHomeId(redis, home, identity);
}

/** The same, without claiming. @param identity null for a home that was never asked for its identity. */
export async function checkHomeId(redis: Redis, home: NamedHome, identity: string | null): Promise<void> {
  const owner = await redis.get(claimKey(home.id));
  if (owner !== null && owner !== identity) throw new HomeIdTakenError(home);
}

/** Where Redis keeps whose id it is. */
function claimKey(id: string): string {
  return `${queuePrefix(id)}:home`;
}

/** Where Redis keeps from where it was used last. */
export function homeSeatKey(id: string): string {
  return `${queuePrefix(id)}:seat`;
}
