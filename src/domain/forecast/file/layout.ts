import { createHash } from 'node:crypto';
import type { FittedContender } from '../contenders/contender.ts';

/** ASCII `CLVMODEL`. */
export const MAGIC = Uint8Array.of(0x43, 0x4c, 0x56, 0x4d, 0x4f, 0x44, 0x45, 0x4c);
/** The version that is written, and the newest that is read. */
export const VERSION = 12;

/** Where the fields of the header begin, in bytes; all numbers are little-endian. See docs/model-format.md. */
export const AT = { version: 8, jsonBytes: 12, fileBytes: 16, sha256: 32 } as const;
/** The size of the header; the JSON section begins behind it. */
export const HEADER_BYTES = 64;

/** A contender in the JSON section: trees are replaced by the length of their image, lines by the number of their nodes. */
export type StoredContender = Record<string, unknown> & {
  readonly name: FittedContender['name'];
  readonly treeBytes?: number;
  readonly lineNodes?: number;
};

/** The bytes that a section takes: the next one begins at a multiple of 8. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** SHA-256 of a file image, leaving out the bytes that hold it. */
export function digestOf(file: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(file.subarray(0, AT.sha256))
    .update(file.subarray(HEADER_BYTES))
    .digest();
}
