import { sqlText } from '../../tables/sqlWords.ts';
import type { OrdersSettings } from '../settings.ts';
import { adornedAmountSql, currencySignSql, plainAmountSql } from './amounts.ts';
import { nullIdSql } from './nullIdSql.ts';
import type { RawRows } from './rawColumns.ts';
import { withoutUnseen } from './unseenLetters.ts';

/** Why a row cannot be used: the words of the rejects file and of the run report. */
export const REJECT_REASONS = [
  'malformed_row',
  'missing_order_id',
  'unreadable_order_id',
  'unreadable_customer',
  'unreadable_date',
  'unreadable_revenue',
  'future_date',
  'duplicate_order_id',
] as const;
/** Why a row cannot be used. */
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Money is held in whole millionths, so that a sum does not depend on the order in which threads add. */
export const MICROS = 1_000_000;
/** Earlier dates are rejected: a year of fewer than four digits was cut short, and 24-08-31 is not in the year 24. */
const FIRST_DATE = '1000-01-01';
/** Larger numbers of seconds are not plausible as dates; they may be milliseconds. */
const MOST_SECONDS = 1e11;
/**
 * From this many units of currency on, a row or an order is taken for an error; below, its millionths fit in 64 bits.
 */
export const MAX_REVENUE = 1e12;

/**
 * The SQL that turns raw text rows into typed rows: customer id, date, revenue in millionths, and the reason why a row
 * cannot be used (NULL where it can). Guest checkouts have a NULL customer and are rejected only if malformed;
 * `null_id` is the index in `settings.nullIds` of the word that stood in place of their id.
 *
 * @param today the newest date that is not in the future, YYYY-MM-DD.
 */
export function parseRowsSql(
  rawRows: RawRows,
  fileNumber: number,
  settings: OrdersSettings,
  today: string,
): string {
  const customer = "nullif(regexp_replace(trim(customer_id), '^(-?[0-9]{1,15})\\.0+$', '\\1'), '')";
  const { plain, amount, currency } = amountColumns(settings);
  return `
    SELECT * EXCLUDE (amount),
      CASE
        WHEN detail IS NOT NULL THEN 'malformed_row'
        WHEN customer_id IS NULL THEN NULL
        ${settings.grain === 'line' ? "WHEN order_id IS NULL THEN 'missing_order_id'" : ''}
        WHEN order_date IS NULL OR order_date < DATE '${FIRST_DATE}' THEN 'unreadable_date'
        WHEN micros IS NULL THEN 'unreadable_revenue'
        WHEN order_date > DATE ${sqlText(today)} THEN 'future_date'
      END AS reason
    FROM (
      SELECT *, CASE WHEN abs(amount) < ${MAX_REVENUE} THEN CAST(round(amount * ${MICROS}) AS BIGINT) END AS micros
      FROM (
        SELECT ${fileNumber} AS file_number,
          CASE WHEN ${nullIdSql('written_order', settings.nullIds)} IS NULL THEN written_order END AS order_id,
          CASE WHEN null_id IS NULL THEN written_customer END AS customer_id,
          null_id,
          ${dateSql(settings.timezone, rawRows.hasTypedDates ? null : settings.dateFormat)} AS order_date,
          ${amount} AS amount,
          ${currency} AS currency,
          order_date AS date_text,
          revenue AS revenue_text,
          unit_price AS price_text,
          is_revenue_number,
          is_price_number,
          malformed AS detail
        FROM (SELECT *, ${nullIdSql('written_customer', settings.nullIds)} AS null_id FROM (
          SELECT *, trim(order_date) AS trimmed_date, nullif(${withoutUnseen('order_id')}, '') AS written_order,
            CASE WHEN ends_with(customer_id, '0') AND contains(customer_id, '.') THEN ${customer} ELSE nullif(trim(customer_id), '') END AS written_customer,
            ${plain}
          FROM (${rawRows.sql})
        ))
      )
    )`;
}

/** The SQL for the revenue of a row, which may be quantity times price, and for its currency. */
function amountColumns({ columns, decimalMark }: OrdersSettings): {
  readonly plain: string;
  readonly amount: string;
  readonly currency: string;
} {
  const isProduct = typeof columns.revenue !== 'string';
  const revenue = adornedAmountSql('revenue', decimalMark, { mayHaveCurrency: !isProduct });
  const factor = `coalesce(plain_revenue, ${revenue})`;
  const plain = `${plainAmountSql('revenue', 'is_revenue_number', decimalMark)} AS plain_revenue`;
  if (!isProduct) {
    const currency = `CASE WHEN plain_revenue IS NULL THEN ${currencySignSql('revenue')} END`;
    return { plain, amount: factor, currency };
  }
  const price = adornedAmountSql('unit_price', decimalMark, { mayHaveCurrency: true });
  return {
    plain: `${plain}, ${plainAmountSql('unit_price', 'is_price_number', decimalMark)} AS plain_price`,
    amount: `${factor} * coalesce(plain_price, ${price})`,
    currency: `CASE WHEN plain_price IS NULL THEN ${currencySignSql('unit_price')} END`,
  };
}

/** The format of seconds since 1970, which strptime does not know. */
export const EPOCH_SECONDS = '%s';
/** Matches a format with an offset or a zone, whose `%` is not part of a `%%`. */
const NAMES_ITS_ZONE = /(^|[^%])(%%)*%[zZ]/;

/** Matches a time with an offset of 15 hours and more: none is that far from UTC, and DuckDB would move it to another day. */
const IMPOSSIBLE_OFFSET = '[-+](1[5-9]|[2-9][0-9])(:?[0-9]{2}){0,2}$';

/** Matches a time in UTC or in a zone like Europe/London. Abbreviations are not clear: BST would be the time of Bangladesh. */
const CLEAR_ZONE = '([0-9 ](Z|UTC|GMT)|[a-z]/[a-z_/]+)$';

/** A naive date or timestamp is taken as local; one with an offset or a zone is converted to the business zone. */
function dateSql(timezone: string, dateFormat: string | null): string {
  const text = 'trimmed_date';
  const local = (instant: string): string => `CAST(timezone(${sqlText(timezone)}, ${instant}) AS DATE)`;
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
  // Never as it stands: where that fails, as with a blank before the offset, the search for a zone of that name takes a millisecond.
  const zoned = local(`TRY_CAST(${withWholeTimeSql(text)} AS TIMESTAMPTZ)`);
  return `CASE
      WHEN NOT (${text} >= '0' AND ${text} < ':') THEN NULL
      WHEN length(${text}) <= 10 THEN TRY_CAST(${text} AS DATE)
      WHEN contains(${time}, '+') OR contains(${time}, '-')
        THEN CASE WHEN NOT regexp_matches(${time}, '${IMPOSSIBLE_OFFSET}') THEN ${zoned} END
      WHEN upper(right(${text}, 1)) BETWEEN 'A' AND 'Z'
        THEN CASE WHEN regexp_matches(${time}, '${CLEAR_ZONE}', 'i') THEN ${zoned} END
      ELSE CAST(TRY_CAST(${text} AS TIMESTAMP) AS DATE)
    END`;
}

/**
 * Shops write 2024-08-31 14:05:00 +0200 and 2024-08-31T14:05Z, but DuckDB needs seconds, and no blank before an offset.
 */
function withWholeTimeSql(text: string): string {
  const joined = `regexp_replace(${text}, ' +([-+])', '\\1')`;
  return `regexp_replace(${joined}, '^(.{10}[ T][0-9]{1,2}:[0-9]{2})([^0-9:])', '\\1:00\\2')`;
}
