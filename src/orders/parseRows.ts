import { sqlText } from '../tables/sqlWords.ts';
import type { OrdersSettings } from './settings.ts';

/** Why a row cannot be used. The words stand in the rejects file and in the run report. */
export const REJECT_REASONS = [
  'malformed_row',
  'missing_order_id',
  'unreadable_date',
  'unreadable_revenue',
  'future_date',
  'duplicate_order_id',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Money is held in whole millionths, so that a sum does not depend on the order in which threads add. */
export const MICROS = 1_000_000;
/** A year of fewer than four digits is another one cut short: 24-08-31 stands for no day of the year 24. */
const FIRST_DATE = '1000-01-01';
/** Seconds beyond these are no date of this age: thousandths of seconds, for example. */
const MOST_SECONDS = 1e11;
/** Beyond this many units of currency one row is taken for an error; the limit keeps sums exact in 64 bits. */
const MAX_REVENUE = 1e12;

/**
 * The SQL that turns raw text rows into typed rows: customer id, date, revenue in millionths, and the reason why a
 * row cannot be used (NULL where it can). Guest checkouts have a NULL customer and are never rejected.
 *
 * @param today the newest date that is not in the future, YYYY-MM-DD.
 */
export function parseRowsSql(
  rawRows: string,
  fileNumber: number,
  settings: OrdersSettings,
  today: string,
): string {
  const customer = "nullif(regexp_replace(trim(customer_id), '^(-?[0-9]+)\\.0+$', '\\1'), '')";
  return `
    SELECT *,
      CASE
        WHEN malformed IS NOT NULL THEN 'malformed_row'
        WHEN customer_id IS NULL THEN NULL
        ${settings.grain === 'line' ? "WHEN order_id IS NULL THEN 'missing_order_id'" : ''}
        WHEN order_date IS NULL OR order_date < DATE '${FIRST_DATE}' THEN 'unreadable_date'
        WHEN micros IS NULL THEN 'unreadable_revenue'
        WHEN order_date > DATE ${sqlText(today)} THEN 'future_date'
      END AS reason
    FROM (
      SELECT ${fileNumber} AS file_number,
        nullif(trim(order_id), '') AS order_id,
        CASE WHEN ends_with(customer_id, '0') AND contains(customer_id, '.') THEN ${customer} ELSE nullif(trim(customer_id), '') END AS customer_id,
        ${dateSql(settings)} AS order_date,
        ${microsSql(settings)} AS micros,
        order_date AS date_text,
        CASE WHEN unit_price IS NULL THEN revenue ELSE revenue || ' x ' || unit_price END AS revenue_text,
        malformed
      FROM (${rawRows})
    )`;
}

/** The format of seconds since 1970, which strptime does not know. */
export const EPOCH_SECONDS = '%s';
/** A format with an offset or a zone, whose `%` is not that of a `%%`. */
const NAMES_ITS_ZONE = /(^|[^%])(%%)*%[zZ]/;

/** A naive date or timestamp is taken as local; one with an offset, or a zone behind it, is moved to the business zone first. */
function dateSql(settings: OrdersSettings): string {
  const text = 'trim(order_date)';
  const local = (instant: string): string =>
    `CAST(timezone(${sqlText(settings.timezone)}, ${instant}) AS DATE)`;
  const { dateFormat } = settings;
  if (dateFormat === EPOCH_SECONDS) {
    const seconds = `TRY_CAST(${text} AS BIGINT)`;
    return local(
      `to_timestamp(CASE WHEN ${seconds} BETWEEN -${MOST_SECONDS} AND ${MOST_SECONDS} THEN ${seconds} END)`,
    );
  }
  if (dateFormat !== null) {
    const parsed = `try_strptime(${text}, ${sqlText(dateFormat)})`;
    return NAMES_ITS_ZONE.test(dateFormat) ? local(parsed) : `CAST(${parsed} AS DATE)`;
  }
  const time = `substr(${text}, 11)`;
  const zoned = local(`TRY_CAST(${text} AS TIMESTAMPTZ)`);
  return `CASE
      WHEN NOT (${text} >= '0' AND ${text} < ':') THEN NULL
      WHEN length(${text}) <= 10 THEN TRY_CAST(${text} AS DATE)
      WHEN contains(${time}, '+') OR contains(${time}, '-') OR upper(right(${text}, 1)) BETWEEN 'A' AND 'Z' THEN ${zoned}
      ELSE CAST(TRY_CAST(${text} AS TIMESTAMP) AS DATE)
    END`;
}

function microsSql(settings: OrdersSettings): string {
  const first = 'TRY_CAST(revenue AS DOUBLE)';
  const value =
    typeof settings.columns.revenue === 'string' ? first : `${first} * TRY_CAST(unit_price AS DOUBLE)`;
  return `CASE WHEN abs(${value}) < ${MAX_REVENUE} THEN CAST(round(${value} * ${MICROS}) AS BIGINT) END`;
}
