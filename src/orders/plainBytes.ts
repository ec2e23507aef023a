import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { SourceFile } from './sourceFile.ts';

/** The bytes of a file of text, unpacked. Closes it when nobody asks for more. */
export async function* plainBytes(file: SourceFile, partBytes = 1 << 20): AsyncGenerator<Buffer> {
  const raw = createReadStream(file.path, { highWaterMark: partBytes });
  try {
    if (!file.isGzipped) return yield* raw;
    const plain = raw.pipe(createGunzip({ chunkSize: partBytes }));
    raw.on('error', (error) => plain.destroy(error));
    yield* plain;
  } finally {
    raw.destroy();
  }
}
