import type { Duck } from '../../tables/duck.ts';
import { findBlankLines } from '../files/blankLines.ts';
import type { SourceFile } from '../files/sourceFile.ts';

/** Gives, for a file by its number, the number in it of a row of the table `parsed`, from the row's id. */
export type RowNumbers = (fileNumber: number) => Promise<(id: number) => number>;

/** "orders.csv row 17" for a row of the table `parsed`. */
export type Place = (fileNumber: number, id: number) => Promise<string>;

/**
 * Numbers rows as a spreadsheet does: the header of a CSV file is row 1, and rows that are missing in the table,
 * because they are malformed or empty, count as well. Only files that are asked for are read again.
 */
export async function numberRows(duck: Duck, files: readonly SourceFile[]): Promise<RowNumbers> {
  const rows = await duck.rows<{ file_number: number; first: bigint }>(
    'SELECT file_number, min(rowid) AS first FROM parsed GROUP BY file_number',
  );
  const [brokenFiles, brokenRows] = await duck.readAll(
    'SELECT file_number::DOUBLE, row::DOUBLE FROM malformed ORDER BY file_number, row',
  );
  const firstIds = new Map(rows.map(({ file_number, first }) => [file_number, Number(first)]));
  const numberFile = async (fileNumber: number): Promise<(id: number) => number> => {
    const file = files[fileNumber];
    const first = (firstIds.get(fileNumber) ?? 0) - headerRows(file);
    const broken = brokenRows.filter((_, i) => brokenFiles[i] === fileNumber);
    const blank = await findBlankLines(file);
    const absent = new Float64Array(broken.length + blank.length);
    absent.set(broken);
    absent.set(blank, broken.length);
    absent.sort();
    return (id) => withAbsentRows(id - first, absent);
  };
  const known = new Map<number, Promise<(id: number) => number>>();
  return (fileNumber) => {
    const numbers = known.get(fileNumber) ?? numberFile(fileNumber);
    known.set(fileNumber, numbers);
    return numbers;
  };
}

/** The number of a row among all rows of a file, from its number among those that are not absent. */
function withAbsentRows(number: number, absent: Float64Array): number {
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
