import type { Duck } from '../../tables/duck.ts';
import { findBlankLines } from '../files/blankLines.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import type { MalformedRow } from './malformedRows.ts';

/** The number in its file of a row of the table `parsed`, from the file's number and the row's id. */
export type RowNumbers = (fileNumber: number, id: number) => number;

/** "orders.csv row 17" for a row of the table `parsed`. */
export type Place = (fileNumber: number, id: number) => string;

/**
 * Numbers rows as a spreadsheet does: the header of a CSV file is row 1, and rows that are missing in the table,
 * because they are malformed or empty, count as well. Files without rejected rows are not read again.
 */
export async function numberRows(
  duck: Duck,
  files: readonly SourceFile[],
  malformed: readonly MalformedRow[],
): Promise<RowNumbers> {
  const rows = await duck.rows<{ file_number: number; first: bigint; rejected: boolean }>(
    'SELECT file_number, min(rowid) AS first, bool_or(reason IS NOT NULL) AS rejected FROM parsed GROUP BY file_number',
  );
  const first: number[] = [];
  const absent: number[][] = [];
  for (const { file_number, first: id, rejected } of rows) {
    const file = files[file_number];
    first[file_number] = Number(id) - headerRows(file);
    const broken = malformed.filter((row) => row.fileNumber === file_number).map(({ row }) => row);
    const blank = rejected ? await findBlankLines(file) : [];
    absent[file_number] = [...broken, ...blank].sort((a, b) => a - b);
  }
  return (fileNumber, id) => withAbsentRows(id - first[fileNumber], absent[fileNumber]);
}

/** The number of a row among all rows of a file, from its number among those that are not absent. */
function withAbsentRows(number: number, absent: readonly number[]): number {
  // Binary search for how many absent rows lie before it.
  let low = 0;
  let high = absent.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (absent[middle] - middle <= number) low = middle + 1;
    else high = middle;
  }
  return number + low;
}

/** The number of the first row with an order in a file. */
function headerRows(file: SourceFile): number {
  return file.kind === 'csv' ? 2 : 1;
}
