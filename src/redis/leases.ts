import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity } from '../processIdentity.ts';
import { writePrivateFile } from './writePrivateFile.ts';

/** Who uses the server, and in which folder: a copied home contains copies of leases that are not its own. */
interface Lease {
  readonly holder: ProcessIdentity | undefined;
  readonly folder: string;
}

const folderOf = (folder: string) => join(folder, 'leases');

/**
 * Records that this program uses the private server; returns the path of the lease. Throws FileWriteError.
 *
 * A lease is a file and not an open connection, because it stays valid while connections come and go. One that a killed
 * program left behind is recognised by the process that it names.
 */
export function writeLease(folder: string): string {
  mkdirSync(folderOf(folder), { recursive: true, mode: 0o700 });
  const lease = join(folderOf(folder), `${process.pid}-${randomUUID()}.json`);
  writePrivateFile(lease, JSON.stringify({ holder: identifyProcess(process.pid), folder } satisfies Lease));
  return lease;
}

/** Gives a lease back; one that is gone already is no error. @param lease the path of its file. */
export function removeLease(lease: string): void {
  rmSync(lease, { force: true });
}

/** The number of leases of running programs; those of others are removed. To be called under the lock. */
export function countLeases(folder: string): number {
  let names: string[];
  try {
    names = readdirSync(folderOf(folder));
  } catch {
    return 0;
  }
  let living = 0;
  for (const name of names) {
    const lease = join(folderOf(folder), name);
    if (isHeld(lease, folder)) living++;
    else rmSync(lease, { force: true });
  }
  return living;
}

function isHeld(file: string, folder: string): boolean {
  try {
    const lease = JSON.parse(readFileSync(file, 'utf8')) as Lease;
    return lease.folder === folder && lease.holder !== undefined && isRunning(lease.holder);
  } catch {
    // Its writer was killed before the file was complete, so it does not count.
    return false;
  }
}
