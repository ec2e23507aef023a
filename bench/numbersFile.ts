import { openSync, readSync, statSync, writeFileSync } from 'node:fs';
import type { FeatureMatrix } from '../src/domain/features/matrix.ts';

/** Writes numbers as little-endian Float64, as numpy's `fromfile` reads them. */
export function writeNumbers(path: string, values: Float64Array): void {
  writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Reads what {@link writeNumbers} wrote, onto a shared buffer. */
export function readNumbers(path: string): Float64Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(statSync(path).size));
  const file = openSync(path, 'r');
  // One read call moves at most two gigabytes.
  for (let at = 0; at < bytes.length; )
    at += readSync(file, bytes, at, Math.min(bytes.length - at, 2 ** 30), at);
  return new Float64Array(bytes.buffer);
}

/** A matrix whose columns stand in a file one after another. */
export function readMatrix(path: string, rows: number): FeatureMatrix {
  const values = readNumbers(path);
  const features = values.length / rows;
  const featureNames = Array.from({ length: features }, (_, index) => `f${String(index).padStart(2, '0')}`);
  return { featureNames, rows, values };
}
