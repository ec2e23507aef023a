import type { Duck } from '../../tables/duck.ts';
import { sqlText } from '../../tables/sqlWords.ts';
import { DateFormatError } from '../errors.ts';
import { EPOCH_SECONDS } from './parseRows.ts';
import type { Place } from './rowNumbers.ts';

interface DateShape {
  /** DuckDB regular expression of the date, which may be followed by a time. */
  readonly pattern: string;
  /** What to write into data.date_format for the date; empty where nothing has to be named. */
  readonly formats: readonly string[];
  /** Shapes of one family are one format, of which some dates do not show whether day or month comes first. */
  readonly family: string;
}

const DAY = '(1[3-9]|2[0-9]|3[01])';
const DAY_OR_MONTH = '[0-9]{1,2}';
const YEARS = [
  { pattern: '[0-9]{4}', format: '%Y' },
  { pattern: '[0-9]{2}', format: '%y' },
];

/** Dates like 31/08/2024, 08/31/2024 and 01/02/2024, of which the last may be either. */
function slashedShapes(mark: '/' | '-', year: (typeof YEARS)[number]): DateShape[] {
  const dayFirst = `%d${mark}%m${mark}${year.format}`;
  const monthFirst = `%m${mark}%d${mark}${year.format}`;
  return [
    [DAY, DAY_OR_MONTH, [dayFirst]] as const,
    [DAY_OR_MONTH, DAY, [monthFirst]] as const,
    [DAY_OR_MONTH, DAY_OR_MONTH, [dayFirst, monthFirst]] as const,
  ].map(([first, second, formats]) => ({
    pattern: `${first}${mark}${second}${mark}${year.pattern}`,
    formats,
    family: `${mark}${year.format}`,
  }));
}

const PLAIN = 'as it is';
const SHAPES: readonly DateShape[] = [
  { pattern: '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}', formats: [], family: PLAIN },
  ...YEARS.flatMap((year) => slashedShapes('/', year)),
  // With two digits, 24-08-31 may begin with the year.
  ...slashedShapes('-', YEARS[0]),
  // Where dates have points, the day comes first.
  ...YEARS.map(({ pattern, format }) => ({
    pattern: `${DAY_OR_MONTH}\\.${DAY_OR_MONTH}\\.${pattern}`,
    formats: [`%d.%m.${format}`],
    family: '.',
  })),
  { pattern: '[0-9]{8}', formats: ['%Y%m%d'], family: 'digits' },
  { pattern: '[0-9]{10}', formats: [EPOCH_SECONDS], family: EPOCH_SECONDS },
];

/** Matches a time of day behind a date: blank or T, hours, minutes, seconds and their fraction, half of the day. */
const TIME = /([ T]+)\d{1,2}:\d{2}(:\d{2})?([.]\d+)?( ?[ap]m)?$/i;
const TIME_OF_DAY = '([ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?([.][0-9]+)?( ?[AaPp][Mm])?)?';

/** The format of the time behind a date; empty where there is none. */
function timeFormat(date: string): string {
  const found = TIME.exec(date.trim());
  if (found === null) return '';
  const [, gap, seconds = '', fraction = '', half = ''] = found;
  const clock = `${half === '' ? '%H' : '%I'}:%M${seconds && ':%S'}${fraction && '.%f'}`;
  return `${gap}${clock}${half.replace(/[ap]m/i, '%p')}`;
}

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
 * limit. Throws DateFormatError, which names the format; returns where there is none, and where it is named already.
 *
 * @param named what the config says.
 */
export async function explainUnreadableDates(duck: Duck, place: Place, named: string | null): Promise<void> {
  const cases = SHAPES.map(
    ({ pattern }, i) => `WHEN regexp_matches(trim(date_text), '^${pattern}${restOf(i)}$') THEN ${i}`,
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
  const time = timeFormat(unreadable[0].example);
  const formats = SHAPES[unreadable[0].shape].formats.map((format) => `${format}${time}`);
  if (formats.some((format) => format === named)) return;
  const [first, second] = formats.map((format) => `"${format}"`);
  const advice =
    second === undefined ? first : `${first} if the day comes first, ${second} if the month does`;
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

/** What may follow the date of a shape: of ISO dates anything, so that what is odd about their time is told otherwise. */
function restOf(shape: number): string {
  return SHAPES[shape].family === PLAIN ? '([ T].*)?' : TIME_OF_DAY;
}

/**
 * Counts dates like 01/02/2024 with those like 31/08/2024 or with those like 08/31/2024 where only one of the two
 * occurs, because then they have one format, not two.
 */
function mergeAmbiguous(rows: ShapeCount[]): ShapeCount[] {
  return rows.flatMap((row) => {
    const { family, formats } = SHAPES[row.shape];
    const [clear, ...others] = rows.filter(
      (it) => SHAPES[it.shape].family === family && SHAPES[it.shape].formats.length === 1,
    );
    const either = rows.find(
      (it) => SHAPES[it.shape].family === family && SHAPES[it.shape].formats.length > 1,
    );
    if (clear === undefined || others.length > 0 || either === undefined) return [row];
    return formats.length > 1 ? [] : [{ ...row, count: row.count + either.count }];
  });
}
