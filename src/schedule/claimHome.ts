import { stat } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { checkHomeId, claimHomeId, HomeCopiedError, homeSeatKey } from '../../queues/homeClaim.ts';
import { type Home, homeAt } from '../config/home.ts';
import { ensureHomeIdentity, readHomeIdentity } from '../config/homeIdentity.ts';
import { identifyHost } from '../processIdentity.ts';

/** Where the files lie of the home that claimed or renewed an id last. */
const seatSchema = z.strictObject({
  identity: z.string(),
  host: z.string(),
  root: z.string(),
  /** The identity file itself, by device and inode, which differ for a copy. */
  file: z.string(),
});
type Seat = z.infer<typeof seatSchema>;

/** The state of a claim. */
export interface HomeClaim {
  /** False where the home has no identity and cannot be given one, so that nothing is guarded. */
  readonly isGuarded: boolean;
  /** A sentence if the home may be a copy of another one that has the id; else null. */
  readonly doubt: string | null;
}

/**
 * Claims the id of a home for its files on a Redis that several homes may share, or renews the claim, which is lost
 * when a Redis is emptied. Throws HomeIdTakenError where other files have the id, HomeCopiedError where a copy of these
 * files has it.
 */
export async function claimHome(redis: Redis, home: Home): Promise<HomeClaim> {
  const identity = await ensureHomeIdentity(home);
  if (identity === null) return { isGuarded: false, doubt: null };
  await claimHomeId(redis, home, identity);
  const { last, mine } = await compareSeats(redis, home, identity);
  const text = JSON.stringify(mine);
  // The seat only says where to look for a copy, so a Redis that takes no writes must not stop anybody's work.
  if (text !== JSON.stringify(last)) await redis.set(homeSeatKey(home.id), text).catch(() => undefined);
  return { isGuarded: true, doubt: doubtAbout(last, mine) };
}

/** The same check without claiming anything, because somebody may only be trying out an id. */
export async function checkHome(redis: Redis, home: Home): Promise<HomeClaim> {
  const identity = await readHomeIdentity(home);
  await checkHomeId(redis, home, identity);
  if (identity === null) return { isGuarded: false, doubt: null };
  const { last, mine } = await compareSeats(redis, home, identity);
  return { isGuarded: true, doubt: doubtAbout(last, mine) };
}

/** Where the id was used last, null for nowhere, and where this home lies. Throws HomeCopiedError. */
async function compareSeats(
  redis: Redis,
  home: Home,
  identity: string,
): Promise<{ readonly last: Seat | null; readonly mine: Seat }> {
  const file = (await fileMark(home)) ?? '';
  const mine: Seat = { identity, host: identifyHost(), root: home.root, file };
  const last = await readSeat(redis, home, identity);
  if (last !== null && (await isOfCopy(last, mine))) throw new HomeCopiedError(home, last.root);
  return { last, mine };
}

/** The seat in Redis; null where there is none, or it is that of other files that had the id before. */
async function readSeat(redis: Redis, home: Home, identity: string): Promise<Seat | null> {
  try {
    const seat = seatSchema.parse(JSON.parse((await redis.get(homeSeatKey(home.id))) ?? 'null'));
    return seat.identity === identity ? seat : null;
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Whether both identity files exist and have the same content, so that one was copied from the other. */
async function isOfCopy(last: Seat, mine: Seat): Promise<boolean> {
  if (last.host !== mine.host || last.root === mine.root) return false;
  const other = homeAt(last.root);
  const file = await fileMark(other).catch(() => null);
  if (file === null || file === mine.file) return false;
  return (await readHomeIdentity(other).catch(() => null)) === mine.identity;
}

/**
 * What cannot be ruled out if the id was used on another host, whose files cannot be looked at. The same file has, as a
 * rule, the same inode there, and a copy has another.
 */
function doubtAbout(last: Seat | null, mine: Seat): string | null {
  if (last === null || last.host === mine.host || inodeOf(last) === inodeOf(mine)) return null;
  return `The id of this home was last used from ${last.root} on another machine or container (${last.host}), whose outputs/.identity is another file. After a move or a restore that is right. If this home is a copy, or has one that is in use, give one of the two a CLV_HOME_ID of its own: jobs of one would be done on the files of the other.`;
}

function inodeOf({ file }: Seat): string | undefined {
  // The device number differs between the machines that mount a device.
  return file.split(':')[1];
}

async function fileMark({ identityFile }: Home): Promise<string | null> {
  try {
    const { dev, ino } = await stat(identityFile, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
