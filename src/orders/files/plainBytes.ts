import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { decodeToUtf8 } from './decodeToUtf8.ts';
import { demandNoUtf8 } from './demandNoUtf8.ts';
import type { SourceFile } from './sourceFile.ts';

/**
 * The text of a file as UTF-8, unpacked and decoded. Closes the file when nobody reads on. Throws OrdersSourceError at
 * the end of a file that is UTF-8 although the config names another encoding.
 */
export async function* plainBytes(file: SourceFile, partBytes = 1 << 20): AsyncGenerator<Buffer> {
  const { path, encoding } = file;
  const parts = unpackedBytes(file, partBytes);
  yield* encoding === null ? parts : decodeToUtf8(demandNoUtf8(parts, path, encoding), encoding);
}

/** The first bytes of a file, unpacked and not decoded; fewer where there are no more. */
export async function firstBytes(file: SourceFile, count: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const part of unpackedBytes(file, 1 << 12)) {
    bytes = Buffer.concat([bytes, part]);
    if (bytes.length >= count) break;
  }
  return bytes.subarray(0, count);
}

async function* unpackedBytes(file: SourceFile, partBytes: number): AsyncGenerator<Buffer> {
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
