import type { Duck } from '../../tables/duck.ts';
import { sqlText } from '../../tables/sqlWords.ts';
import { AmountFormatError } from '../errors.ts';
import type { DecimalMark } from '../settings.ts';
import type { Place } from './rowNumbers.ts';

/**
 * What the notation of an amount says about the mark before its decimals. `point` and `comma` are clear; `one point`
 * and `one comma` are not, because the only mark has three digits after it, as in 1.234.
 */
type AmountShape = 'point' | 'comma' | 'one point' | 'one comma' | 'none';

/** The amounts in the files, one a row, prices and quantities included; numbers that were not text show no notation. */
const WRITTEN_AMOUNTS = `(
  SELECT rowid AS id, file_number, revenue_text AS amount, customer_id FROM parsed WHERE NOT is_revenue_number
  UNION ALL
  SELECT rowid AS id, file_number, price_text AS amount, customer_id FROM parsed WHERE NOT is_price_number
)`;
/** The amount without what may stand before and after its digits. */
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
 * Looks for a known notation in the amounts that could not be read, after their share turned out to be above the limit.
 * Throws AmountFormatError, which names the notation; returns where there is none.
 */
export async function explainUnreadableAmounts(
  duck: Duck,
  mark: DecimalMark | null,
  place: Place,
): Promise<void> {
  const shapes = await countShapes(duck);
  const [own, other] = mark === ',' ? (['comma', 'point'] as const) : (['point', 'comma'] as const);
  const describe = async (example: Example): Promise<string> =>
    `${example.count} like ${example.amount.trim()} (first: ${await place(example.file_number, Number(example.id))})`;
  const read = shapes.get(own);
  const unreadable = shapes.get(other);
  if (unreadable !== undefined && read !== undefined) {
    throw new AmountFormatError(
      'ORDERS_AMOUNTS_MIXED',
      `Amounts are written in more than one way: ${await describe(read)}; ${await describe(unreadable)}.`,
      { remedy: 'Export the orders with one mark before decimals, the point or the comma.' },
    );
  }
  if (unreadable !== undefined) {
    throw new AmountFormatError(
      'ORDERS_AMOUNT_FORMAT',
      `Amounts are written in a way that has to be named: ${await describe(unreadable)}.`,
      { remedy: `Set ${CONFIG} to "${other === 'comma' ? ',' : '.'}".` },
    );
  }
  const either = shapes.get('one comma');
  if (mark === null && either !== undefined) {
    throw new AmountFormatError(
      'ORDERS_AMOUNTS_AMBIGUOUS',
      `Amounts can be read in two ways: ${await describe(either)}${read === undefined ? '' : `, beside ${await describe(read)}`}.`,
      { remedy: EITHER_REMEDY(either.amount.trim(), ',') },
    );
  }
}

/**
 * Throws AmountFormatError where the config does not name the mark before decimals and the amounts do not show it:
 * every point has three digits after it, and no amount above a thousand is written without one, so that 1.234 may be a
 * little more than one, or more than a thousand.
 */
export async function demandOneReading(duck: Duck, mark: DecimalMark | null, place: Place): Promise<void> {
  if (mark !== null) return;
  // In nearly every shop one of the first amounts is clear, so this is quick.
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
    `Amounts can be read in two ways: ${example.count} like ${amount} (first: ${await place(example.file_number, Number(example.id))}), and no other tells what the point stands for.`,
    { remedy: EITHER_REMEDY(amount, '.') },
  );
}

/** Throws AmountFormatError where amounts are in more than one currency, because their sum would be meaningless. */
export async function demandOneCurrency(duck: Duck, place: Place): Promise<void> {
  const found = await duck.rows<{ currency: string; count: bigint; id: bigint; file_number: number }>(
    `SELECT currency, count(*) AS count, min(rowid) AS id, arg_min(file_number, rowid) AS file_number
     FROM parsed WHERE currency IS NOT NULL AND micros IS NOT NULL GROUP BY currency ORDER BY id`,
  );
  if (found.length < 2) return;
  const each = await Promise.all(
    found.map(
      async ({ currency, count, id, file_number }) =>
        `${count} in ${currency} (first: ${await place(file_number, Number(id))})`,
    ),
  );
  throw new AmountFormatError(
    'ORDERS_CURRENCIES_MIXED',
    `Amounts are in more than one currency, or in one that is written in several ways: ${each.join('; ')}.`,
    { remedy: 'Export the orders in one currency; amounts are added up as they stand.' },
  );
}
