import { OrdersSourceError } from '../errors.ts';
import { readCsvHeader } from './fileHeader.ts';
import { plainBytes } from './plainBytes.ts';
import { type RowEnd, RowEnds } from './rowEnds.ts';
import type { SourceFile } from './sourceFile.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Whether some lines of a file end in LF and others in CR LF, because it was joined from parts of two systems. */
export async function hasMixedLineFeeds(file: SourceFile): Promise<boolean> {
  let hasBare = false;
  let hasReturn = false;
  let endsInReturn = false;
  for await (const part of plainBytes(file)) {
    for (let at = part.indexOf(LINE_FEED); at >= 0; at = part.indexOf(LINE_FEED, at + 1)) {
      if (at === 0 ? endsInReturn : part[at - 1] === CARRIAGE_RETURN) hasReturn = true;
      else hasBare = true;
      if (hasBare && hasReturn) return true;
    }
    endsInReturn = part.at(-1) === CARRIAGE_RETURN;
  }
  return false;
}

/**
 * Throws OrdersSourceError where some rows of a CSV file end in CR alone and others in LF, because then a CR could also
 * be part of a value. Line breaks between quotes do not end a row.
 */
export async function demandEqualLineEnds(file: SourceFile): Promise<void> {
  let first: RowEnd | undefined;
  let row = 0;
  const ends = new RowEnds((await readCsvHeader(file)).delimiter);
  for await (const part of plainBytes(file)) {
    for (const byte of part) {
      const end = ends.next(byte);
      if (end === null) continue;
      row++;
      first ??= end;
      if (end !== first) throw endsOtherwise(file, row, end, first);
    }
  }
}

function endsOtherwise(file: SourceFile, row: number, end: RowEnd, first: RowEnd): OrdersSourceError {
  return new OrdersSourceError(
    'ORDERS_LINE_ENDS',
    `Row ${row} of ${file.path} ends in ${end}, and row 1 in ${first}.`,
    {
      remedy:
        'Save or export the file again, so that all rows end alike; parts that were joined may each have ends of their own.',
      values: { path: file.path, row },
    },
  );
}
