import { type FileHandle, open, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { makeFolder } from '../artefacts/makeFolder.ts';
import { asWriteError } from '../artefacts/replaceFile.ts';
import { sweepBeside, temporaryName } from '../artefacts/temporaryFiles.ts';
import { plainBytes } from './plainBytes.ts';
import type { SourceFile } from './sourceFile.ts';

const CARRIAGE_RETURN = 13;

/** How the text of a file is copied. */
export interface CopyOptions {
  /** Where the copy is; made if need be. */
  readonly folder: string;
  /** Whether it has LF for every CR LF. */
  readonly hasEvenLineEnds: boolean;
}

/**
 * Lets `use` read a copy of a file of text that is plain UTF-8, and removes the copy. Rows keep their numbers. Throws
 * FileWriteError, and what `use` throws.
 */
export async function withTextCopy<T>(
  file: SourceFile,
  options: CopyOptions,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = temporaryName(`${options.folder}/${basename(file.path)}`);
  try {
    await writeCopy(file, options, path);
    return await use(path);
  } finally {
    // What went wrong before is what a person has to know.
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
    // Orders are for nobody else's eyes.
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
 * LF for every CR LF, also between quotes: where a quote opens and where it is a letter depends on what reads it, and no
 * value that matters has line breaks.
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
