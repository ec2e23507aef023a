import type { Duck } from '../tables/duck.ts';
import { sqlText } from '../tables/sqlWords.ts';
import { AmountFormatError } from './errors.ts';
import type { Place } from './rowNumbers.ts';
import type { DecimalMark } from './settings.ts';

/** How an amount is written that tells which mark stands before decimals, or, with three digits behind its only one, does not. */
type AmountShape = 'point' | 'comma' | 'one point' | 'one comma' | 'none';

/** Amounts in the files, one row each: prices, too, and quantities. Numbers that were not text tell nothing. */
const WRITTEN_AMOUNTS = `(
  SELECT rowid AS id, file_number, revenue_text AS amount, customer_id FROM parsed WHERE NOT is_revenue_number
  UNION ALL
  SELECT rowid AS id, file_number, price_text AS amount, customer_id FROM parsed WHERE NOT is_price_number
)`;
/** The amount without what may stand around it. */
const DIGITS = "regexp_extract(amount, '[0-9.,].*[0-9]|[0-9]')";
const POINT = '[.]';
const COMMA = ',';
const SHAPE = `CASE
  WHEN regexp_full_match(${DIGITS}, ${sqlText(oneMark(POINT))}) THEN 'one point'
  WHEN regexp_full_match(${DIGITS}, ${sqlText(oneMark(COMMA))}) THEN 'one comma'
  WHEN regexp_full_match(${DIGITS}, ${sqlText(decimals(POINT, COMMA))}) THEN 'point'
  WHEN regexp_full_match(${DIGITS}, ${sqlText(decimals(COMMA, POINT))}) THEN 'comma'
  ELSE 'none' END`;

function oneMark(mark: string): string {
  return `[1-9][0-9]{0,2}${mark}[0-9]{3}`;
}

function decimals(mark: string, group: string): string {
  const apart = `[${group === POINT ? '.' : ','} '’\\x{A0}\\x{202F}\\x{2009}]`;
  return `[0-9]*${mark}[0-9]+|[0-9]{1,3}(?:${apart}[0-9]{3})+${mark}[0-9]+|[0-9]{1,3}(?:${group}[0-9]{3}){2,}`;
}

interface Example {
  readonly shape: AmountShape;
  readonly count: bigint;
  /** Row id of the first such amount, and where it stands. */
  readonly id: bigint;
  readonly file_number: number;
  readonly amount: string;
}

async function countShapes(duck: Duck): Promise<Map<AmountShape, Example>> {
  const found = await duck.rows<Example>(
    `SELECT shape, count(*) AS count, min(id) AS id, arg_min(file_number, id) AS file_number, arg_min(amount, id) AS amount
     FROM (SELECT ${SHAPE} AS shape, id, file_number, amount FROM ${WRITTEN_AMOUNTS} WHERE customer_id IS NOT NULL)
     GROUP BY shape`,
  );
  return new Map(found.map((example) => [example.shape, example]));
}

const CONFIG = 'data.decimal_mark in config/model_config.yaml';
const EITHER_REMEDY = (amount: string, mark: string): string =>
  `Set ${CONFIG} to "${mark === '.' ? ',' : '.'}" if ${amount} is more than a thousand, and to "${mark}" if it is little more than one.`;

/**
 * Looks at the amounts that could not be read and, where they are written in a way that people use, says so. Called once
 * the share of them is above the limit. Throws AmountFormatError, or returns where they follow no known way.
 */
export async function explainUnreadableAmounts(
  duck: Duck,
  mark: DecimalMark | null,
  place: Place,
): Promise<void> {
  const shapes = await countShapes(duck);
  const [own, other] = mark === ',' ? (['comma', 'point'] as const) : (['point', 'comma'] as const);
  const describe = (example: Example): string =>
    `${example.count} like ${example.amount.trim()} (first: ${place(example.file_number, Number(example.id))})`;
  const read = shapes.get(own);
  const unreadable = shapes.get(other);
  if (unreadable !== undefined && read !== undefined) {
    throw new AmountFormatError(
      'ORDERS_AMOUNTS_MIXED',
      `Amounts are written in more than one way: ${describe(read)}; ${describe(unreadable)}.`,
      { remedy: 'Export the orders with one mark before decimals, the point or the comma.' },
    );
  }
  if (unreadable !== undefined) {
    throw new AmountFormatError(
      'ORDERS_AMOUNT_FORMAT',
      `Amounts are written in a way that has to be named: ${describe(unreadable)}.`,
      { remedy: `Set ${CONFIG} to "${other === 'comma' ? ',' : '.'}".` },
    );
  }
  const either = shapes.get('one comma');
  if (mark === null && either !== undefined) {
    throw new AmountFormatError(
      'ORDERS_AMOUNTS_AMBIGUOUS',
      `Amounts can be read in two ways: ${describe(either)}${read === undefined ? '' : `, beside ${describe(read)}`}.`,
      { remedy: EITHER_REMEDY(either.amount.trim(), ',') },
    );
  }
}

/**
 * Throws AmountFormatError where nobody said which mark stands before decimals, and 1.234 may as well be a thousand and
 * more: all points have three digits behind them, and no amount from a thousand on is written without.
 */
export async function demandOneReading(duck: Duck, mark: DecimalMark | null, place: Place): Promise<void> {
  if (mark !== null) return;
  // Nearly every shop has such an amount among its first.
  const clear = await duck.rows(
    `SELECT 1 FROM ${WRITTEN_AMOUNTS} WHERE contains(amount, '.') AND ${SHAPE} = 'point' LIMIT 1`,
  );
  if (clear.length > 0) return;
  const [example] = await duck.rows<Example>(
    `SELECT count(*) AS count, min(id) AS id, arg_min(file_number, id) AS file_number, arg_min(amount, id) AS amount
     FROM ${WRITTEN_AMOUNTS} WHERE contains(amount, '.') AND ${SHAPE} = 'one point'`,
  );
  if (example.count === 0n) return;
  const whole = await duck.rows(
    `SELECT 1 FROM ${WRITTEN_AMOUNTS} WHERE regexp_full_match(${DIGITS}, '[0-9]{4,}') LIMIT 1`,
  );
  if (whole.length > 0) return;
  const amount = example.amount.trim();
  throw new AmountFormatError(
    'ORDERS_AMOUNTS_AMBIGUOUS',
    `Amounts can be read in two ways: ${example.count} like ${amount} (first: ${place(example.file_number, Number(example.id))}), and no other tells what the point stands for.`,
    { remedy: EITHER_REMEDY(amount, '.') },
  );
}

/** Throws AmountFormatError where amounts are in more than one currency: nothing would be right about their sum. */
export async function demandOneCurrency(duck: Duck, place: Place): Promise<void> {
  const found = await duck.rows<{ currency: string; count: bigint; id: bigint; file_number: number }>(
    `SELECT currency, count(*) AS count, min(rowid) AS id, arg_min(file_number, rowid) AS file_number
     FROM parsed WHERE currency IS NOT NULL AND micros IS NOT NULL GROUP BY currency ORDER BY id`,
  );
  if (found.length < 2) return;
  const each = found.map(
    ({ currency, count, id, file_number }) =>
      `${count} in ${currency} (first: ${place(file_number, Number(id))})`,
  );
  throw new AmountFormatError(
    'ORDERS_CURRENCIES_MIXED',
    `Amounts are in more than one currency, or in one that is written in several ways: ${each.join('; ')}.`,
    { remedy: 'Export the orders in one currency; amounts are added up as they stand.' },
  );
}
