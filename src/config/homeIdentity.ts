import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../artefacts/makeFolder.ts';
import { temporaryName } from '../artefacts/temporaryFiles.ts';
import type { Home } from './home.ts';

/** What tells the files of this home from those of another one that has the same id; null where that was never made. */
export async function readHomeIdentity({ identityFile }: Home): Promise<string | null> {
  try {
    return (await readFile(identityFile, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The identity of the home, made at random the first time that it is asked for; of several programs that make it at one
 * moment, one does. Null where it is not there and cannot be written, on a read-only or a full disk: what only guards
 * against a mistake keeps nobody from working.
 */
export async function ensureHomeIdentity(home: Home): Promise<string | null> {
  const there = await readHomeIdentity(home);
  if (there !== null) return there;
  const draft = temporaryName(home.identityFile);
  try {
    await makeFolder(dirname(home.identityFile));
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(`${randomUUID()}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, and not a rename: it leaves what another program made meanwhile.
    await link(draft, home.identityFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return null;
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
  return readHomeIdentity(home);
}
