import type { Duck } from '../tables/duck.ts';
import type { SourceFile } from './sourceFiles.ts';

/** The id in the table `parsed` of the first row of each file, by file number. */
export async function firstRowIds(duck: Duck): Promise<number[]> {
  const rows = await duck.rows<{ file_number: number; first: bigint }>(
    'SELECT file_number, min(rowid) AS first FROM parsed GROUP BY file_number ORDER BY file_number',
  );
  const first: number[] = [];
  for (const row of rows) first[row.file_number] = Number(row.first);
  return first;
}

/** The number of the first order's row in a file: a spreadsheet shows the header of a CSV file as row 1. */
export function headerRows(file: SourceFile): number {
  return file.kind === 'csv' ? 2 : 1;
}
