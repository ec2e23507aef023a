import { readdir } from 'node:fs/promises';
import { TransientError } from '../../domain/errors.ts';

/** A folder is there and could not be read, so what is in it is unknown. */
export class FolderUnreadableError extends TransientError {}

/**
 * The names of everything in a folder, in no particular order; none where there is no such folder. Throws
 * FolderUnreadableError where there is one: a folder that cannot be read must not pass for an empty one.
 */
export function namesIn(folder: string): Promise<string[]> {
  return orNone(folder, readdir(folder));
}

/** The paths of all files below a folder, however deep, each with the folder in front; else as `namesIn`. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await orNone(folder, readdir(folder, { recursive: true, withFileTypes: true }));
  return entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
}

async function orNone<T>(folder: string, reading: Promise<T[]>): Promise<T[]> {
  try {
    return await reading;
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
