import { randomUUID } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { asWriteError } from '../artefacts/files/replaceFile.ts';
import { identifyHost, identifyProcess, isRunning, type ProcessIdentity } from '../processIdentity.ts';
import { systemClock } from '../systemClock.ts';
import { LockHeldError } from './lockHeldError.ts';

const POLL_MS = 20;

/**
 * How long a ticket of another host counts, since nobody here can find out whether its process still runs. Who holds it
 * renews it in time, and everybody who waits for a lock does so for longer than this.
 */
const FOREIGN_TICKET_MS = 8_000;
const RENEW_MS = FOREIGN_TICKET_MS / 4;

/** What a ticket says about its holder; tickets of earlier versions name no host. */
interface NamedHolder extends ProcessIdentity {
  readonly host?: string;
}

/** What is known of a holder whose ticket cannot be read. */
const NAMELESS = { pid: null, host: 'unknown' };
type Holder = NamedHolder | typeof NAMELESS;

/**
 * Runs `work` while no other program, and no other call in this one, runs work under the same folder.
 *
 * The lock is a row of numbered tickets in `folder`, of which only the highest counts. A ticket is taken by
 * hard-linking a finished file to the next number, which exactly one contender can do; it is given back by emptying it.
 * The highest ticket is never deleted. So nobody can delete a lock by mistake because it seems stale, which is what
 * goes wrong with a single lock file that is removed and made again. A holder that was killed leaves its ticket full;
 * whoever sees that its process no longer runs takes the next one. A ticket of another machine, or of another container
 * that shares the folder, counts for some seconds after its holder renewed it last, and so does one that cannot be read.
 *
 * @throws LockHeldError when a living process keeps the lock for longer than `patienceMs`; FileWriteError where no
 *   ticket can be written.
 */
export async function holdingLock<T>(folder: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const ticket = await takeTicket(folder, patienceMs);
  const renewal = setInterval(() => renew(ticket), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    giveBack(ticket);
  }
}

async function takeTicket(folder: string, patienceMs: number): Promise<string> {
  try {
    return await contend(folder, patienceMs);
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : asWriteError(folder, error as NodeJS.ErrnoException);
  }
}

async function contend(folder: string, patienceMs: number): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `draft-${randomUUID()}`);
  const me = { ...identifyProcess(process.pid), host: identifyHost() };
  writeFileSync(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const highest = highestTicket(folder);
      const holder = highest === 0 ? undefined : holderOf(join(folder, String(highest)));
      if (holder === undefined) {
        const mine = join(folder, String(highest + 1));
        const now = systemClock.now() / 1000;
        // The age of a ticket counts from now, and not from when its holder began to wait.
        utimesSync(draft, now, now);
        if (linked(draft, mine)) {
          // A contender that was held up may have taken a number that was cleared away long ago.
          if (highestTicket(folder) === highest + 1) {
            clearBelow(folder, highest + 1);
            return mine;
          }
          rmSync(mine, { force: true });
        }
        continue;
      }
      if (performance.now() > deadline) {
        throw new LockHeldError(folder, holder.pid, isHere(holder), patienceMs);
      }
      await delay(POLL_MS);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function ticketNumbers(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function highestTicket(folder: string): number {
  return Math.max(0, ...ticketNumbers(folder));
}

/** The process that holds this ticket; undefined if it was given back or its holder is gone. */
function holderOf(ticket: string): Holder | undefined {
  try {
    const { size, mtimeMs } = statSync(ticket);
    if (size === 0) return undefined;
    const holder = named(ticket) ?? NAMELESS;
    const isHeld = isHere(holder)
      ? isRunning(holder)
      : Math.abs(systemClock.now() - mtimeMs) < FOREIGN_TICKET_MS;
    return isHeld ? holder : undefined;
  } catch (error) {
    // The ticket was cleared away between listing and reading, so there is a higher one now.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The holder that a ticket names; undefined where the ticket is there and cannot be read. */
function named(ticket: string): NamedHolder | undefined {
  try {
    return JSON.parse(readFileSync(ticket, 'utf8')) as NamedHolder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    return undefined;
  }
}

function isHere(holder: Holder): holder is NamedHolder {
  return holder.host === undefined || holder.host === identifyHost();
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function clearBelow(folder: string, mine: number): void {
  for (const number of ticketNumbers(folder)) {
    if (number < mine) rmSync(join(folder, String(number)), { force: true });
  }
}

function renew(ticket: string): void {
  const now = systemClock.now() / 1000;
  try {
    utimesSync(ticket, now, now);
  } catch {
    // The home may have been deleted, or its disk be away for a moment; the next renewal may succeed.
  }
}

function giveBack(ticket: string): void {
  try {
    truncateSync(ticket);
  } catch (error) {
    // The home may have been deleted meanwhile, and the lock with it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
