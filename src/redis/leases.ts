import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity } from '../processIdentity.ts';

/** Who uses the server, and in which folder: a copied home brings copies of leases that are none of its own. */
interface Lease {
  readonly holder: ProcessIdentity | undefined;
  readonly folder: string;
}

const folderOf = (folder: string) => join(folder, 'leases');

/**
 * Notes that this program uses the private server; gives the file that says so.
 *
 * A file and not an open connection: it stays valid while connections come and go, and one that a killed
 * program left behind is told by the process it names.
 */
export function writeLease(folder: string): string {
  mkdirSync(folderOf(folder), { recursive: true, mode: 0o700 });
  const lease = join(folderOf(folder), `${process.pid}-${randomUUID()}.json`);
  writeFileSync(lease, JSON.stringify({ holder: identifyProcess(process.pid), folder } satisfies Lease), {
    mode: 0o600,
  });
  return lease;
}

export function removeLease(lease: string): void {
  rmSync(lease, { force: true });
}

/** How many leases of living programs there are; those of dead ones are cleared away. To be called under the lock. */
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
    // Its writer was killed before the file was whole, so it holds nothing.
    return false;
  }
}
