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

/** One row a customer with an order in `history`, ordered by id: the id, then every base feature as DOUBLE. */
export function baseFeaturesSql(history: EpochDayWindow): string {
  const isGap = `FILTER (day - gap >= ${history.start})`;
  const columns = BASE_FEATURES.map(({ name }) => `CAST(${FEATURE_SQL[name]} AS DOUBLE) AS ${name}`);
  return `
    SELECT customer_id, ${columns.join(', ')}
    FROM (
      SELECT customer, ${history.end} AS cutoff,
        CAST(sum(micros) AS DOUBLE) / ${MICROS} AS revenue,
        count(*) AS orders,
        min(day) AS first_day,
        max(day) AS last_day,
        count(gap) ${isGap} AS gaps,
        CAST(sum(gap) ${isGap} AS BIGINT) AS gap_sum,
        CAST(sum(CAST(gap AS BIGINT) * gap) ${isGap} AS BIGINT) AS gap_squares,
        median(gap) ${isGap} AS gap_median
      FROM orders WHERE day >= ${history.start} AND day < ${history.end}
      GROUP BY customer
    ) JOIN customers USING (customer)
    ORDER BY customer`;
}

/** Net revenue in `window` of the customers with an order in `history`, one DOUBLE a row, in the same order. */
export function windowRevenueSql(history: EpochDayWindow, window: EpochDayWindow): string {
  const from = Math.min(history.start, window.start);
  const to = Math.max(history.end, window.end);
  return `
    SELECT coalesce(CAST(sum(micros) FILTER (day >= ${window.start} AND day < ${window.end}) AS DOUBLE) / ${MICROS}, 0.0) AS revenue
    FROM orders WHERE day >= ${from} AND day < ${to}
    GROUP BY customer
    HAVING count(*) FILTER (day >= ${history.start} AND day < ${history.end}) > 0
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
