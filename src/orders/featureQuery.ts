import { BASE_FEATURES, type BaseFeatureName } from '../domain/features/baseFeatures.ts';
import { MICROS } from './parseRows.ts';

/** A window in days since 1970: `start` belongs to it, `end` does not. */
export interface EpochDayWindow {
  readonly start: number;
  readonly end: number;
}

/**
 * The SQL of each feature over the aggregates below. All sums are of whole numbers (millionths of currency, days),
 * so that the result is the same to the last bit however many threads add.
 */
const FEATURE_SQL: Record<BaseFeatureName, string> = {
  revenue_sum: 'revenue',
  revenue_count: 'orders',
  avg_order_value: 'revenue / orders',
  tenure_days: 'cutoff - first_day',
  recency_days: 'cutoff - last_day',
  log_revenue_sum: 'sign(revenue) * ln(1 + abs(revenue))',
  is_repeat_buyer: 'orders >= 2',
  active_last_30d: 'cutoff - last_day <= 30',
  mean_days_between_orders: 'CASE WHEN gaps >= 1 THEN gap_sum / gaps END',
  // The sample variance from exact whole-number sums: (n * sum of squares - square of the sum) / (n * (n - 1)).
  std1_days_between_orders:
    'CASE WHEN gaps >= 2 THEN sqrt((gaps * gap_squares - gap_sum * gap_sum) / (gaps * (gaps - 1))) END',
  median_days_between_orders: 'gap_median',
};

/** One row a customer with an order in `history`: its number, then every base feature as DOUBLE. */
function historySql(history: EpochDayWindow): string {
  const isGap = `FILTER (day - gap >= ${history.start})`;
  const columns = BASE_FEATURES.map(({ name }) => `CAST(${FEATURE_SQL[name]} AS DOUBLE) AS ${name}`);
  return `
    SELECT customer, ${columns.join(', ')}
    FROM (
      SELECT customer, ${history.end} AS cutoff,
        ${currencySql('sum(micros)')} AS revenue,
        count(*) AS orders,
        min(day) AS first_day,
        max(day) AS last_day,
        count(gap) ${isGap} AS gaps,
        CAST(sum(gap) ${isGap} AS BIGINT) AS gap_sum,
        CAST(sum(CAST(gap AS BIGINT) * gap) ${isGap} AS BIGINT) AS gap_squares,
        median(gap) ${isGap} AS gap_median
      FROM orders WHERE ${isIn(history)}
      GROUP BY customer
    )`;
}

/** One row a customer with an order in `history`, ordered by id: the id, then every base feature as DOUBLE. */
export function baseFeaturesSql(history: EpochDayWindow): string {
  return `
    SELECT customer_id, ${BASE_FEATURES.map(({ name }) => name).join(', ')}
    FROM (${historySql(history)}) JOIN customers USING (customer)
    ORDER BY customer`;
}

/** As {@link baseFeaturesSql} for several histories in turn: index of the history and number of the customer, not its id. */
export function featuresOfEachSql(histories: readonly EpochDayWindow[]): string {
  return ofEach(histories, historySql);
}

/** Net revenue in each window of the customers with an order in it: index of the window, number of the customer, revenue. */
export function revenueOfEachSql(windows: readonly EpochDayWindow[]): string {
  return ofEach(
    windows,
    (window) =>
      `SELECT customer, ${currencySql('sum(micros)')} AS revenue FROM orders WHERE ${isIn(window)} GROUP BY customer`,
  );
}

function ofEach(windows: readonly EpochDayWindow[], sqlOf: (window: EpochDayWindow) => string): string {
  const parts = windows.map((window, i) => `SELECT ${i} AS part, * FROM (${sqlOf(window)})`);
  return `SELECT * REPLACE (CAST(part AS DOUBLE) AS part, CAST(customer AS DOUBLE) AS customer)
    FROM (${parts.join(' UNION ALL ')}) ORDER BY part, customer`;
}

/** Net revenue in `window` of the customers with an order in `history`, one DOUBLE a row, in the same order. */
export function windowRevenueSql(history: EpochDayWindow, window: EpochDayWindow): string {
  const from = Math.min(history.start, window.start);
  const to = Math.max(history.end, window.end);
  return `
    SELECT coalesce(${currencySql(`sum(micros) FILTER (${isIn(window)})`)}, 0.0) AS revenue
    FROM orders WHERE ${isIn({ start: from, end: to })}
    GROUP BY customer
    HAVING count(*) FILTER (${isIn(history)}) > 0
    ORDER BY customer`;
}

/** One row a customer with an order in `window`, ordered by id: the id, net revenue in it, and 1 if none came before. */
export function revenueByCustomerSql(window: EpochDayWindow): string {
  return `
    SELECT customer_id, revenue, is_new
    FROM (
      SELECT customer,
        CAST(sum(micros) FILTER (day >= ${window.start}) AS DOUBLE) / ${MICROS} AS revenue,
        CAST(min(day) >= ${window.start} AS DOUBLE) AS is_new
      FROM orders WHERE day < ${window.end}
      GROUP BY customer HAVING max(day) >= ${window.start}
    ) JOIN customers USING (customer)
    ORDER BY customer`;
}

function isIn({ start, end }: EpochDayWindow): string {
  return `day >= ${start} AND day < ${end}`;
}

/** Units of currency from a sum of millionths. */
function currencySql(micros: string): string {
  return `CAST(${micros} AS DOUBLE) / ${MICROS}`;
}
