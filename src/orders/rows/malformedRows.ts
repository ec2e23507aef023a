import type { Duck } from '../../tables/duck.ts';
import { OrdersSourceError } from '../errors.ts';
import type { SourceFile } from '../files/sourceFile.ts';

/** A row that could not be split into columns. */
export interface MalformedRow {
  readonly fileNumber: number;
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  readonly text: string;
  readonly problem: string;
}

const QUOTE = 34;

/** What DuckDB says of a row with bytes that are not UTF-8 text. */
export const NOT_UTF_8 = /not utf-8/i;

/**
 * Takes the rows that DuckDB could not split from its reject tables, and empties these. Throws OrdersSourceError for an
 * open quote.
 */
export async function takeMalformedRows(
  duck: Duck,
  file: SourceFile,
  fileNumber: number,
): Promise<MalformedRow[]> {
  const [{ count }] = await duck.rows<{ count: bigint }>(
    "SELECT count(*) AS count FROM duckdb_tables() WHERE table_name = 'reject_errors'",
  );
  if (count === 0n) return [];
  const rows = await duck.rows<{ line: bigint; text: string; problem: string; at: bigint }>(
    `SELECT line, any_value(csv_line) AS text, any_value(error_message) AS problem,
       any_value(byte_position - line_byte_position) AS at
     FROM reject_errors GROUP BY line ORDER BY line`,
  );
  await forgetMalformedRows(duck);
  const open = rows.find((row) => row.problem.includes('unterminated quote'));
  if (open) {
    // Where the rest of the file does not fit DuckDB's buffer of 32 MB, it gives the text of the row before.
    const isOwn = Buffer.from(open.text)[Number(open.at)] === QUOTE;
    throw new OrdersSourceError(
      'ORDERS_QUOTE_OPEN',
      `Row ${open.line} of ${file.path} opens a quote that is never closed, so the rows after it cannot be told from one another${isOwn ? `: ${open.text.trim().slice(0, 80)}` : '.'}`,
      { remedy: 'Close or double the quote in that row, or export the file again.' },
    );
  }
  return rows.map((row) => ({
    fileNumber,
    row: Number(row.line),
    text: row.text.trim(),
    // In a file that was decoded first, bytes that are invalid in its encoding look like invalid UTF-8 to DuckDB.
    problem:
      file.encoding !== null && NOT_UTF_8.test(row.problem) ? `Not ${file.encoding} text` : row.problem,
  }));
}

/** Empties DuckDB's reject tables, also after a reading that failed. */
export async function forgetMalformedRows(duck: Duck): Promise<void> {
  await duck.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
}
