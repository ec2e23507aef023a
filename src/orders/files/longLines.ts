import { open } from 'node:fs/promises';
import { OrdersSourceError } from '../errors.ts';
import { readCsvHeader } from './fileHeader.ts';
import { plainBytes } from './plainBytes.ts';
import { RowEnds } from './rowEnds.ts';
import type { SourceFile } from './sourceFile.ts';

/**
 * Longer lines are an error: DuckDB rejects a line above 2 MB, but silently loses one that does not fit its buffer of
 * 32 MB.
 */
const LONG_BYTES = 8 << 20;
/** Enough to find a line end in nearly every file with a single read. */
const LOOK_BYTES = 1 << 16;
const LINE_END = 10;
const CARRIAGE_RETURN = 13;

/**
 * Throws OrdersSourceError where a file of plain text has a line that DuckDB would lose. Such a line covers at least
 * one whole stretch of LONG_BYTES. Looking at the beginning of each stretch nearly always finds a line end, so little
 * is read.
 */
export async function demandShortLines(file: SourceFile): Promise<void> {
  if (file.bytes < 2 * LONG_BYTES) return;
  const handle = await open(file.path);
  try {
    const look = Buffer.alloc(LOOK_BYTES);
    for (let start = 0; start + LONG_BYTES <= file.bytes; start += LONG_BYTES) {
      let at = start;
      for (; at < start + LONG_BYTES; at += LOOK_BYTES) {
        const { bytesRead } = await handle.read(look, 0, LOOK_BYTES, at);
        if (bytesRead < LOOK_BYTES || hasLineEnd(look)) break;
      }
      if (at >= start + LONG_BYTES) throw await lineTooLong(file);
    }
  } finally {
    await handle.close();
  }
}

/**
 * The same for text that comes in parts: returns the length so far of the line that has not ended, or a lower bound of
 * it.
 */
export function lineLengthAfter(part: Buffer, lengthBefore: number): number {
  return hasLineEnd(part) ? 0 : lengthBefore + part.length;
}

/** Whether a line of this length would be lost. */
export function isLongLine(bytes: number): boolean {
  return bytes >= LONG_BYTES;
}

/** The error for a file with a line that is too long; looks for its row. */
export async function lineTooLong(file: SourceFile): Promise<OrdersSourceError> {
  // A line that runs away may have any quotes; but in the rows before it they may hold line breaks.
  const lines = new RowEnds(null);
  const rows = new RowEnds(await delimiterOf(file));
  let row = 1;
  let length = 0;
  for await (const part of plainBytes(file)) {
    for (const byte of part) {
      length++;
      if (rows.next(byte) !== null) row++;
      if (lines.next(byte) !== null) length = 0;
    }
    if (isLongLine(length)) break;
  }
  return new OrdersSourceError(
    'ORDERS_LINE_TOO_LONG',
    `Row ${row} of ${file.path} is longer than ${LONG_BYTES >> 20} MB, so it cannot be an order.`,
    {
      remedy:
        'Look there for a line end that was lost or a damaged stretch, and export or copy the file again.',
      values: { path: file.path, row },
    },
  );
}

/** Null for a file without quotes, and for one whose header cannot be read, which is another error than a long line. */
async function delimiterOf(file: SourceFile): Promise<string | null> {
  if (file.kind !== 'csv') return null;
  return readCsvHeader(file).then(
    ({ delimiter }) => delimiter,
    () => null,
  );
}

function hasLineEnd(bytes: Buffer): boolean {
  return bytes.includes(LINE_END) || bytes.includes(CARRIAGE_RETURN);
}
