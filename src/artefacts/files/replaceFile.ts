import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClvError, TransientError } from '../../domain/errors.ts';
import { makeFolder } from './makeFolder.ts';
import { temporaryName } from './temporaryFiles.ts';

/** A file could not be written: disk full, folder not writable. What stood there before is untouched. */
export class FileWriteError extends TransientError {}

/** Writes `content` to `path`, whole or not at all. Throws FileWriteError. */
export function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  return replaceFileWith(path, async (file) => {
    await file.writeFile(content);
  });
}

/**
 * Lets `write` fill a file under a temporary name in the same folder, flushes it to the disk and renames it to `path`,
 * so that a reader sees the old file or the new one and never half of one. Throws FileWriteError.
 */
export function replaceFileWith<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  return replaceFileBy(path, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      return await write(file);
    } finally {
      await file.close();
    }
  });
}

/** As {@link replaceFileWith} for a `write` that makes the file itself, under the name that it is given. */
export async function replaceFileBy<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = temporaryName(path);
  try {
    await makeFolder(dirname(path));
    const result = await write(temporary);
    await flush(temporary);
    await rename(temporary, path);
    // A rename is only safe from a power cut once the folder itself is flushed.
    await flush(dirname(path));
    return result;
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (cause instanceof ClvError) throw cause;
    throw asWriteError(path, cause as NodeJS.ErrnoException);
  }
}

/** The error for a write to `path` that the system refused. */
export function asWriteError(path: string, cause: NodeJS.ErrnoException): FileWriteError {
  const remedies: Record<string, string> = {
    ENOSPC: 'The disk is full. Make room, then try again.',
    EACCES: 'Give this user the right to write there, then try again.',
    ENAMETOOLONG: 'Choose a shorter name; while the file is written, it has a longer one.',
    EROFS: 'The file system is read-only. Mount it writable, then try again.',
  };
  return new FileWriteError('FILE_WRITE_FAILED', `${path} could not be written: ${cause.message}.`, {
    remedy: remedies[cause.code ?? ''] ?? 'Try again once the cause is mended; nothing was half-written.',
    values: { path, systemCode: cause.code },
    cause,
  });
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
