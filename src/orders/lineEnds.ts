import { OrdersSourceError } from './errors.ts';
import { plainBytes } from './plainBytes.ts';
import type { SourceFile } from './sourceFile.ts';

type LineEnd = 'LF' | 'CR LF' | 'CR';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;

/** Throws OrdersSourceError where a row of a CSV file ends otherwise than its first; breaks between quotes end none. */
export async function demandEqualLineEnds(file: SourceFile): Promise<void> {
  let first: LineEnd | undefined;
  let row = 0;
  let isQuoted = false;
  let isAfterReturn = false;
  const endRow = (end: LineEnd): void => {
    row++;
    first ??= end;
    if (end === first) return;
    throw new OrdersSourceError(
      'ORDERS_LINE_ENDS',
      `Row ${row} of ${file.path} ends in ${end}, and row 1 in ${first}.`,
      {
        remedy:
          'Save or export the file again, so that all rows end alike; parts that were joined may each have ends of their own.',
        values: { path: file.path, row },
      },
    );
  };
  for await (const part of plainBytes(file)) {
    for (const byte of part) {
      if (isAfterReturn) endRow(byte === LINE_FEED ? 'CR LF' : 'CR');
      else if (byte === LINE_FEED && !isQuoted) endRow('LF');
      isAfterReturn = byte === CARRIAGE_RETURN && !isQuoted;
      if (byte === QUOTE) isQuoted = !isQuoted;
    }
  }
}
