import { readCsvHeader } from './fileHeader.ts';
import { plainBytes } from './plainBytes.ts';
import { RowEnds } from './rowEnds.ts';
import type { SourceFile } from './sourceFile.ts';

const LINE_END = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const NOTHING = -1;

/**
 * The numbers of the empty rows of a text file, ascending, from 1. DuckDB skips them, but a spreadsheet counts them. A
 * line break between the quotes of a CSV file does not end a row.
 */
export async function findBlankLines(file: SourceFile): Promise<number[]> {
  if (file.kind === 'parquet' || !(await hasBlankLine(file))) return [];
  // In CSV, a row of blanks is a row with a value; in NDJSON it counts as empty.
  const blanks = file.kind === 'csv' ? NOTHING : BLANK;
  const ends = new RowEnds(file.kind === 'csv' ? (await readCsvHeader(file)).delimiter : null);
  const blank: number[] = [];
  let row = 1;
  let isEmpty = true;
  for await (const part of plainBytes(file)) {
    for (const byte of part) {
      if (ends.next(byte) !== null) {
        if (isEmpty) blank.push(row);
        row++;
        isEmpty = true;
      }
      if (byte !== LINE_END && byte !== CARRIAGE_RETURN && byte !== blanks) isEmpty = false;
    }
  }
  return blank;
}

/** Whether there can be any empty row. Most files have no two line ends in a row, and searching for them is quick. */
async function hasBlankLine(file: SourceFile): Promise<boolean> {
  if (file.kind === 'ndjson') return true;
  let end = Buffer.alloc(0);
  for await (const part of plainBytes(file)) {
    const text = Buffer.concat([end, part]);
    if (['\n\n', '\n\r\n', '\r\r'].some((ends) => text.includes(ends))) return true;
    end = text.subarray(-2);
  }
  return false;
}
