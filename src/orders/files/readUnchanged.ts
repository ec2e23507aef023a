import { stat } from 'node:fs/promises';
import { OrdersChangedError } from '../errors.ts';
import type { SourceFile } from './sourceFile.ts';

/**
 * Runs `read`, and refuses what it read where one of the files was changed, replaced or taken away meanwhile: half of
 * an export reads like a shop that lost half of its customers. Where `read` fails because of the change, that is what
 * is told. `forget` is given what was read in vain. Throws OrdersChangedError, and what `read` throws.
 */
export async function readUnchanged<T>(
  files: readonly SourceFile[],
  read: () => Promise<T>,
  forget: (result: T) => void,
): Promise<T> {
  const before = await Promise.all(files.map(stateOf));
  const changed = async (): Promise<SourceFile | undefined> => {
    const after = await Promise.all(files.map(stateOf));
    return files.find((_, i) => after[i] !== before[i]);
  };
  let result: T;
  try {
    result = await read();
  } catch (cause) {
    const file = await changed();
    throw file === undefined ? cause : changedWhileRead(file, cause);
  }
  const file = await changed();
  if (file === undefined) return result;
  forget(result);
  throw changedWhileRead(file);
}

/** What is another whenever a file was written to or replaced; that of a file that is gone is empty. */
async function stateOf({ path }: SourceFile): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino}:${size}:${mtimeNs}`;
  } catch {
    return '';
  }
}

function changedWhileRead({ path }: SourceFile, cause?: unknown): OrdersChangedError {
  return new OrdersChangedError('ORDERS_FILE_CHANGED', `${path} was changed while it was being read.`, {
    remedy:
      'Run this again once the export is complete. Have it written under a name that ends in .tmp and renamed at the end, so that it is never read half.',
    values: { path },
    cause,
  });
}
