import { CsvQuotes } from './csvQuotes.ts';
import { readCsvHeader } from './fileHeader.ts';
import { plainBytes } from './plainBytes.ts';
import type { SourceFile } from './sourceFile.ts';

const LINE_END = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const NOTHING = -1;

/**
 * The numbers of the rows of a text file that are empty, ascending, the first row being 1: readers pass over them, and a
 * spreadsheet counts them. A line break between quotes of a CSV file ends no row.
 */
export async function findBlankLines(file: SourceFile): Promise<number[]> {
  if (file.kind === 'parquet' || !(await hasBlankLine(file))) return [];
  // Readers of CSV take blanks for a value, those of NDJSON pass over them.
  const blanks = file.kind === 'csv' ? NOTHING : BLANK;
  const quotes = file.kind === 'csv' ? new CsvQuotes((await readCsvHeader(file)).delimiter) : null;
  const blank: number[] = [];
  let row = 1;
  let isEmpty = true;
  for await (const part of plainBytes(file)) {
    for (const byte of part) {
      if (byte === LINE_END && quotes?.isQuoted !== true) {
        if (isEmpty) blank.push(row);
        row++;
        isEmpty = true;
      } else if (byte !== CARRIAGE_RETURN && byte !== blanks) {
        isEmpty = false;
      }
      quotes?.next(byte);
    }
  }
  return blank;
}

/** Whether there can be any; most files have nowhere two line ends with nothing between, and a search is quick. */
async function hasBlankLine(file: SourceFile): Promise<boolean> {
  if (file.kind === 'ndjson') return true;
  let end = Buffer.alloc(0);
  for await (const part of plainBytes(file)) {
    const text = Buffer.concat([end, part]);
    if (text.includes('\n\n') || text.includes('\n\r\n')) return true;
    end = text.subarray(-2);
  }
  return false;
}
