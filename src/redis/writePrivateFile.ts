import { chmodSync, writeFileSync } from 'node:fs';
import { asWriteError } from '../artefacts/files/replaceFile.ts';

/** Writes a file that only its owner may read. Throws FileWriteError, which names the file. */
export function writePrivateFile(path: string, content: string): void {
  try {
    writeFileSync(path, content, { mode: 0o600 });
    // The mode above applies only to a new file; one that was left behind keeps its own.
    chmodSync(path, 0o600);
  } catch (cause) {
    throw asWriteError(path, cause as NodeJS.ErrnoException);
  }
}
