import type { Duck } from '../../tables/duck.ts';
import { sqlText } from '../../tables/sqlWords.ts';
import { DateFormatError } from '../errors.ts';
import { EPOCH_SECONDS } from './parseRows.ts';
import type { Place } from './rowNumbers.ts';

interface DateShape {
  readonly name: string;
  /** DuckDB regular expression of the trimmed text. */
  readonly pattern: string;
  /** What to write into data.date_format; null where the text alone does not show it. */
  readonly format: string | null;
}

const SHAPES: readonly DateShape[] = [
  { name: '2024-08-31', pattern: '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T].*)?$', format: null },
  { name: '31/08/2024', pattern: '^(1[3-9]|2[0-9]|3[01])/[0-9]{1,2}/[0-9]{4}$', format: '%d/%m/%Y' },
  { name: '08/31/2024', pattern: '^[0-9]{1,2}/(1[3-9]|2[0-9]|3[01])/[0-9]{4}$', format: '%m/%d/%Y' },
  { name: '01/02/2024', pattern: '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}', format: null },
  { name: '31.08.2024', pattern: '^[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{4}', format: '%d.%m.%Y' },
  { name: '20240831', pattern: '^[0-9]{8}$', format: '%Y%m%d' },
  { name: 'a count of seconds', pattern: '^[0-9]{10}$', format: EPOCH_SECONDS },
];

/** Days since 1899-12-30 of the years 1982 to 2063, as a spreadsheet holds dates; with a fraction, with their time. */
const SPREADSHEET_DAYS = '^[3-5][0-9]{4}([.][0-9]+)?$';

/**
 * Throws DateFormatError where `data.date_format` is not a date format, because otherwise every date would be
 * unreadable, or the file would seem damaged.
 */
export async function demandDateFormat(duck: Duck, format: string | null): Promise<void> {
  if (format === null || format === EPOCH_SECONDS) return;
  const problem = format.includes('%')
    ? await duck.rows(`SELECT try_strptime('', ${sqlText(format)})`).then(() => null, asSentence)
    : 'no part of a date is named in it';
  if (problem === null) return;
  throw new DateFormatError('DATE_FORMAT_UNKNOWN', `data.date_format is "${format}": ${problem}.`, {
    remedy: 'Name the parts of a date with %, for example "%d/%m/%Y %H:%M", or set it to null for ISO dates.',
    values: { format },
  });
}

function asSentence(error: Error): string {
  return error.message.split('\n')[0].replace(/^.*Error: /, '');
}

const DAY_FIRST = 1;
const MONTH_FIRST = 2;
const EITHER_FIRST = 3;

interface ShapeCount {
  readonly shape: number;
  readonly readable: boolean;
  readonly count: bigint;
  /** Row id of the first such date, and where it stands. */
  readonly id: bigint;
  readonly file_number: number;
  readonly example: string;
}

/**
 * Looks for a known format in the dates that could not be read, after the share of rejects turned out to be above the
 * limit. Throws DateFormatError, which names the format; returns where there is none.
 */
export async function explainUnreadableDates(duck: Duck, place: Place): Promise<void> {
  const cases = SHAPES.map(
    (shape, i) => `WHEN regexp_matches(trim(date_text), '${shape.pattern}') THEN ${i}`,
  ).join(' ');
  const found = await duck.rows<ShapeCount>(
    `SELECT shape, readable, count(*) AS count, min(id) AS id, arg_min(file_number, id) AS file_number, arg_min(date_text, id) AS example
     FROM (SELECT CASE ${cases} ELSE -1 END AS shape, reason IS DISTINCT FROM 'unreadable_date' AS readable, rowid AS id, file_number, date_text
           FROM parsed WHERE customer_id IS NOT NULL)
     GROUP BY ALL ORDER BY id`,
  );
  await refuseSpreadsheetDays(duck, place);
  const unreadable = mergeAmbiguous(found.filter((row) => !row.readable && row.shape > 0));
  if (unreadable.length === 0) return;
  const describe = async (row: ShapeCount): Promise<string> =>
    `${row.count} like ${row.example} (first: ${await place(row.file_number, Number(row.id))})`;
  const readable = found.filter((row) => row.readable);
  if (readable.length > 0 || unreadable.length > 1) {
    throw new DateFormatError(
      'ORDERS_DATES_MIXED',
      `Dates are written in more than one way: ${(await Promise.all([...readable, ...unreadable].map(describe))).join('; ')}.`,
      {
        remedy: 'Export the orders with one format (YYYY-MM-DD is best), or split the files by format.',
      },
    );
  }
  const shape = SHAPES[unreadable[0].shape];
  const advice =
    shape.format === null
      ? '"%d/%m/%Y" if the day comes first, "%m/%d/%Y" if the month does'
      : `"${shape.format}"`;
  throw new DateFormatError(
    'ORDERS_DATE_FORMAT',
    `Dates are written in a way that has to be named: ${await describe(unreadable[0])}.`,
    {
      remedy: `Set data.date_format in config/model_config.yaml to ${advice}.`,
    },
  );
}

/** Throws DateFormatError where dates are numbers of days: no format of a date says that. */
async function refuseSpreadsheetDays(duck: Duck, place: Place): Promise<void> {
  const [first] = await duck.rows<{ count: bigint; id: bigint; file_number: number; example: string }>(
    `SELECT count(*) OVER () AS count, rowid AS id, file_number, date_text AS example FROM parsed
     WHERE reason = 'unreadable_date' AND regexp_matches(trim(date_text), '${SPREADSHEET_DAYS}') ORDER BY id LIMIT 1`,
  );
  if (first === undefined) return;
  throw new DateFormatError(
    'ORDERS_DATE_FORMAT',
    `Dates are numbers of days, as a spreadsheet holds them: ${first.count} like ${first.example} (first: ${await place(first.file_number, Number(first.id))}).`,
    { remedy: 'Give the column the format YYYY-MM-DD in the spreadsheet, then export the orders again.' },
  );
}

/**
 * Counts dates like 01/02/2024 with those like 31/08/2024 or with those like 08/31/2024 where only one of the two
 * occurs, because then they have one format, not two.
 */
function mergeAmbiguous(rows: ShapeCount[]): ShapeCount[] {
  const either = rows.find((row) => row.shape === EITHER_FIRST);
  const clear = rows.filter((row) => row.shape === DAY_FIRST || row.shape === MONTH_FIRST);
  if (either === undefined || clear.length !== 1) return rows;
  const merged = { ...clear[0], count: clear[0].count + either.count };
  return rows.filter((row) => row !== either).map((row) => (row === clear[0] ? merged : row));
}
