import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import { sqlPath } from '../../tables/sqlWords.ts';
import { replaceFileWith } from './replaceFile.ts';

/** Rows are rendered in slices, and the event loop gets its turn between two of them. */
const SLICE_ROWS = 4096;

/** What was written, for the sidecar. */
export interface WrittenFile {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A cell as it stands in a file: text, a number, or nothing. */
export type Cell = string | number | null;

/**
 * Writes a CSV file, whole or not at all; `cells(i)` gives the cells of row i. Missing numbers are null or NaN and
 * stand as empty. Throws FileWriteError.
 */
export function writeCsv(
  path: string,
  header: readonly string[],
  rows: number,
  cells: (row: number) => readonly Cell[],
): Promise<WrittenFile> {
  function* slices(): Generator<(readonly Cell[])[]> {
    for (let start = 0; start < rows; start += SLICE_ROWS) {
      const slice = Math.min(SLICE_ROWS, rows - start);
      yield Array.from({ length: slice }, (_, i) => cells(start + i));
    }
  }
  return writeCsvSlices(path, header, slices());
}

/** The same for rows of which there may be more than fit in memory: they come some at a time. */
export async function writeCsvSlices(
  path: string,
  header: readonly string[],
  slices: Iterable<readonly (readonly Cell[])[]> | AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<WrittenFile> {
  const digest = createHash('sha256');
  return replaceFileWith(path, async (file) => {
    let [rows, bytes] = [0, 0];
    const put = async (lines: readonly (readonly Cell[])[]): Promise<void> => {
      const text = Buffer.from(csvText(lines), 'utf8');
      digest.update(text);
      await file.writeFile(text);
      bytes += text.length;
    };
    await put([header]);
    for await (const slice of slices) {
      await put(slice);
      rows += slice.length;
    }
    return { rows, bytes, sha256: digest.digest('hex') };
  });
}

/**
 * The SQL of a table that `writeCsv` wrote, every column of it text. Nothing is left for DuckDB to guess from the rows: ids
 * that begin with # are no comments.
 */
export function csvTableSql(path: string): string {
  return `read_csv(${sqlPath(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', comment = '', skip = 0)`;
}

/** Rows as they stand in a CSV file, each with its line end. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], { cast: { number: renderNumber } });
}

function renderNumber(value: number): string {
  if (Number.isNaN(value)) return '';
  return Object.is(value, -0) ? '0' : String(value);
}
