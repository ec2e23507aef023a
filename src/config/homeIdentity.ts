import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../artefacts/files/makeFolder.ts';
import { temporaryName } from '../artefacts/files/temporaryFiles.ts';
import type { Home } from './home.ts';

/**
 * What distinguishes the files of this home from those of another one with the same id; null where it was never made.
 */
export async function readHomeIdentity({ identityFile }: Home): Promise<string | null> {
  try {
    return (await readFile(identityFile, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The identity of the home, which is made at random the first time that it is asked for; if several programs do so at
 * the same moment, one of them makes it. Null where it is missing and cannot be written, on a read-only or a full disk,
 * because what only guards against a mistake must not stop anybody's work.
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
    // A link, and not a rename, because it fails if another program has made the file meanwhile.
    await link(draft, home.identityFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return null;
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
  return readHomeIdentity(home);
}
