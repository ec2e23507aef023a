import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sweepBeside, temporaryName } from '../artefacts/files/temporaryFiles.ts';
import { SampleNotWrittenError } from './fileNotWritten.ts';

/**
 * A file that is being written under a temporary name in its own folder. It gets its real name when it is complete and
 * flushed, or is removed, so that nobody ever sees half of it. A file named `.gz` is compressed while it is written.
 */
export class PendingFile {
  readonly #file: string;
  readonly #temporary: string;
  /** The stream that takes the bytes, the one that writes them, and a promise that settles when the file is closed. */
  readonly #entrance: Writable;
  readonly #disk: Writable;
  readonly #closed: Promise<void>;

  private constructor(file: string, temporary: string, handle: FileHandle) {
    this.#file = file;
    this.#temporary = temporary;
    // The stream owns the handle: it flushes and closes it, also after an error.
    const disk = handle.createWriteStream({ flush: true });
    if (file.endsWith('.gz')) {
      const gzip = createGzip();
      disk.on('error', (error) => gzip.destroy(error));
      gzip.on('error', (error) => disk.destroy(error));
      gzip.pipe(disk);
      this.#entrance = gzip;
    } else {
      this.#entrance = disk;
    }
    this.#closed = finished(disk);
    this.#disk = disk;
    // Whoever awaits the promise reports the failure; until then it must not count as unhandled.
    this.#closed.catch(() => {});
  }

  /**
   * Opens the temporary file, and clears away those that killed processes left in its folder. Throws
   * SampleNotWrittenError where that is impossible.
   */
  static async open(file: string): Promise<PendingFile> {
    const temporary = temporaryName(join(dirname(file), `.${basename(file)}`));
    try {
      if ((await stat(file).catch(() => undefined))?.isDirectory()) throw systemError('EISDIR');
      await sweepBeside(file);
      return new PendingFile(file, temporary, await open(temporary, 'wx'));
    } catch (cause) {
      throw new SampleNotWrittenError(file, cause);
    }
  }

  /** Writes `bytes`; when the promise resolves they may be overwritten. Throws SampleNotWrittenError. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(new SampleNotWrittenError(this.#file, error));
      // If the disk fails, the compressor may never answer the current write, so the disk is listened to as well.
      this.#closed.catch(fail);
      this.#entrance.write(bytes, (error) => (error ? fail(this.#disk.errored ?? error) : resolve()));
    });
  }

  /** Flushes everything to the disk; the file still has its temporary name. Throws SampleNotWrittenError. */
  async finish(): Promise<void> {
    try {
      this.#entrance.end();
      await this.#closed;
    } catch (cause) {
      throw new SampleNotWrittenError(this.#file, cause);
    }
  }

  /** Gives the finished file its real name, over whatever had it before. Throws SampleNotWrittenError. */
  async publish(): Promise<void> {
    try {
      await rename(this.#temporary, this.#file);
    } catch (cause) {
      throw new SampleNotWrittenError(this.#file, cause);
    }
  }

  /** Removes the temporary file, if there still is one; never throws. */
  async discard(): Promise<void> {
    this.#entrance.destroy();
    this.#disk.destroy();
    await this.#closed.catch(() => {});
    await rm(this.#temporary, { force: true }).catch(() => {});
  }
}

/** The error that the final rename would raise, so that it can be raised before any work is done. */
function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
