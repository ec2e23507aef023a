import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './makeFolder.ts';
import { asWriteError } from './replaceFile.ts';

/**
 * Appends one whole line to a file in one flushed write. A file that is new, or empty, gets `header` as its first line.
 * Throws FileWriteError.
 */
export async function appendLine(path: string, line: string, header?: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    const file = await open(path, 'a');
    try {
      const isNew = (await file.stat()).size === 0;
      const text = isNew && header !== undefined ? `${header}\n${line}\n` : `${line}\n`;
      await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw asWriteError(path, cause as NodeJS.ErrnoException);
  }
}
