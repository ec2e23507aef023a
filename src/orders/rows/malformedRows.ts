import type { Duck } from '../../tables/duck.ts';
import { sqlText } from '../../tables/sqlWords.ts';
import { OrdersSourceError } from '../errors.ts';
import type { SourceFile } from '../files/sourceFile.ts';

const QUOTE = 34;

/** What DuckDB says of a row with bytes that are not UTF-8 text. */
export const NOT_UTF_8 = /not utf-8/i;

/**
 * Makes the empty table `malformed` of rows that could not be split into columns. `row` is their number as a
 * spreadsheet counts: the header is row 1.
 */
export async function makeMalformedRows(duck: Duck): Promise<void> {
  await duck.run('CREATE TABLE malformed (file_number INTEGER, row BIGINT, text VARCHAR, problem VARCHAR)');
}

/**
 * Moves the rows that DuckDB could not split from its reject tables to the table `malformed`. Throws OrdersSourceError
 * for an open quote.
 */
export async function takeMalformedRows(duck: Duck, file: SourceFile, fileNumber: number): Promise<void> {
  const [{ count }] = await duck.rows<{ count: bigint }>(
    "SELECT count(*) AS count FROM duckdb_tables() WHERE table_name = 'reject_errors'",
  );
  if (count === 0n) return;
  await refuseOpenQuote(duck, file);
  // In a file that was decoded first, bytes that are invalid in its encoding look like invalid UTF-8 to DuckDB.
  const problem =
    file.encoding === null
      ? 'problem'
      : `CASE WHEN regexp_matches(problem, ${sqlText(NOT_UTF_8.source)}, 'i') THEN ${sqlText(`Not ${file.encoding} text`)} ELSE problem END`;
  await duck.run(
    `INSERT INTO malformed SELECT ${fileNumber}, line, trim(text, E' \\t\\r\\n'), ${problem}
     FROM (SELECT line, any_value(csv_line) AS text, any_value(error_message) AS problem FROM reject_errors GROUP BY line)
     ORDER BY line`,
  );
  await forgetMalformedRows(duck);
}

async function refuseOpenQuote(duck: Duck, file: SourceFile): Promise<void> {
  const [open] = await duck.rows<{ line: bigint; text: string; at: bigint }>(
    `SELECT line, csv_line AS text, byte_position - line_byte_position AS at FROM reject_errors
     WHERE contains(error_message, 'unterminated quote') ORDER BY line LIMIT 1`,
  );
  if (open === undefined) return;
  await forgetMalformedRows(duck);
  // Where the rest of the file does not fit DuckDB's buffer of 32 MB, it gives the text of the row before.
  const isOwn = Buffer.from(open.text)[Number(open.at)] === QUOTE;
  throw new OrdersSourceError(
    'ORDERS_QUOTE_OPEN',
    `Row ${open.line} of ${file.path} opens a quote that is never closed, so the rows after it cannot be told from one another${isOwn ? `: ${open.text.trim().slice(0, 80)}` : '.'}`,
    { remedy: 'Close or double the quote in that row, or export the file again.' },
  );
}

/** How many rows are in the table `malformed`. */
export async function countMalformedRows(duck: Duck): Promise<number> {
  const [{ count }] = await duck.rows<{ count: bigint }>('SELECT count(*) AS count FROM malformed');
  return Number(count);
}

/** What is wrong with the malformed rows, each problem once. */
export async function splittingProblems(duck: Duck): Promise<string[]> {
  const found = await duck.rows<{ problem: string }>('SELECT DISTINCT problem FROM malformed');
  return found.map(({ problem }) => problem);
}

/** Empties DuckDB's reject tables, also after a reading that failed. */
export async function forgetMalformedRows(duck: Duck): Promise<void> {
  await duck.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
}
