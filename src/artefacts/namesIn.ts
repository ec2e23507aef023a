import { readdir } from 'node:fs/promises';
import { TransientError } from '../domain/errors.ts';

/** A folder is there and could not be read, so what is in it is unknown. */
export class FolderUnreadableError extends TransientError {}

/**
 * The names of everything in a folder, in no particular order; none where there is no such folder. Throws
 * FolderUnreadableError where there is one: a folder that cannot be read must not pass for an empty one.
 */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new FolderUnreadableError('FOLDER_UNREADABLE', `${folder} could not be read: ${message}.`, {
      remedy: 'Give this user the right to read it, or mount its disk again; then try once more.',
      values: { folder, systemCode: code },
      cause,
    });
  }
}
