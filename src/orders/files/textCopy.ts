import { type FileHandle, open, rm } from 'node:fs/promises';
import { makeFolder } from '../../artefacts/files/makeFolder.ts';
import { asWriteError } from '../../artefacts/files/replaceFile.ts';
import { sweepBeside, temporaryName } from '../../artefacts/files/temporaryFiles.ts';
import { plainBytes } from './plainBytes.ts';
import type { SourceFile } from './sourceFile.ts';

const CARRIAGE_RETURN = 13;

/** How the text of a file is copied. */
export interface CopyOptions {
  /** The folder of the copy; created if need be. */
  readonly folder: string;
  /** Whether the copy has LF instead of every CR LF. */
  readonly hasEvenLineEnds: boolean;
}

/**
 * Makes a copy of a text file in plain UTF-8, lets `use` read it, and removes it. Rows keep their numbers. Throws
 * FileWriteError, and what `use` throws.
 */
export async function withTextCopy<T>(
  file: SourceFile,
  options: CopyOptions,
  use: (path: string) => Promise<T>,
): Promise<T> {
  // Not the name of the file, which may be as long as names can be.
  const path = temporaryName(`${options.folder}/orders`);
  try {
    await writeCopy(file, options, path);
    return await use(path);
  } finally {
    // An earlier error must not be hidden by one of removing the copy.
    await rm(path, { force: true }).catch(() => undefined);
  }
}

async function writeCopy(file: SourceFile, options: CopyOptions, path: string): Promise<void> {
  const writing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw asWriteError(path, cause as NodeJS.ErrnoException);
    }
  };
  const copy = await writing(async (): Promise<FileHandle> => {
    await makeFolder(options.folder);
    // A process that was killed leaves its copy behind.
    await sweepBeside(path);
    // Orders must not be readable by other users.
    return open(path, 'wx', 0o600);
  });
  try {
    const text = plainBytes(file);
    const parts = options.hasEvenLineEnds ? withoutReturns(text) : text;
    for await (const part of parts) await writing(() => copy.writeFile(part));
  } finally {
    await copy.close();
  }
}

/**
 * Replaces every CR LF by LF, also between quotes: readers differ in where a quote opens, and no value that matters
 * contains line breaks.
 */
async function* withoutReturns(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let endsInReturn = false;
  for await (const part of parts) {
    if (part.length === 0) continue;
    const text: Buffer = endsInReturn ? Buffer.concat([Buffer.of(CARRIAGE_RETURN), part]) : part;
    endsInReturn = text.at(-1) === CARRIAGE_RETURN;
    yield replaceReturns(endsInReturn ? text.subarray(0, -1) : text);
  }
  if (endsInReturn) yield Buffer.of(CARRIAGE_RETURN);
}

function replaceReturns(text: Buffer): Buffer {
  let found = text.indexOf('\r\n');
  if (found < 0) return text;
  const kept = Buffer.allocUnsafe(text.length - 1);
  let length = 0;
  let from = 0;
  for (; found >= 0; found = text.indexOf('\r\n', from)) {
    length += text.copy(kept, length, from, found);
    from = found + 1;
  }
  length += text.copy(kept, length, from);
  return kept.subarray(0, length);
}
