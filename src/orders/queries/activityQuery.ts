/** A customer belongs to a month if he or she ordered within this many months before it. */
export const ACTIVE_MONTHS = 12;

/**
 * One row a month, latest first: how many customers had ordered in the year before the month, on how many days these
 * bought in it, and the same of those who had ordered in two or more of the months of that year. A day with nothing but
 * returns is no purchase.
 *
 * Each active month of a customer makes him or her a customer of the months after it, up to and including the next
 * active one, and for a year at most. So each active month stands for a range of months, and the ranges of one customer
 * do not overlap.
 *
 * @param starts the first days of the months, in days since 1970, latest first.
 * @param end the day after the latest month.
 */
export function activitySql(starts: readonly number[], end: number): string {
  const months = starts.map((start, i) => `(${i}, ${start})`).join(', ');
  return `
    WITH months(month, start_day) AS (VALUES ${months}),
    active AS (
      SELECT customer, month, count(*) AS purchases
      FROM (
        SELECT customer, day FROM orders WHERE day >= ${starts[starts.length - 1]} AND day < ${end}
        GROUP BY customer, day HAVING max(micros) >= 0
      ) ASOF JOIN months ON day >= start_day
      GROUP BY customer, month
    ),
    steps AS (
      SELECT month, purchases, lag(month) OVER later AS earlier, lag(month, 2) OVER later AS before_that,
        lead(month) OVER later AS later
      FROM active WINDOW later AS (PARTITION BY customer ORDER BY month DESC)
    ),
    bases AS (
      SELECT month, count(*) AS customers
      FROM (
        SELECT unnest(range(greatest(month - ${ACTIVE_MONTHS}, coalesce(later, 0)), month)) AS month FROM steps
      ) GROUP BY month
    ),
    regular_bases AS (
      SELECT month, count(*) AS regulars
      FROM (
        SELECT unnest(range(greatest(earlier - ${ACTIVE_MONTHS}, coalesce(later, 0)), month)) AS month FROM steps
        WHERE earlier IS NOT NULL
      ) GROUP BY month
    ),
    repeats AS (
      SELECT month, sum(purchases) AS orders,
        sum(purchases) FILTER (before_that - month <= ${ACTIVE_MONTHS}) AS orders_of_regulars
      FROM steps WHERE earlier - month <= ${ACTIVE_MONTHS} GROUP BY month
    )
    SELECT ${['customers', 'orders', 'regulars', 'orders_of_regulars'].map((it) => `CAST(coalesce(${it}, 0) AS DOUBLE) AS ${it}`).join(', ')}
    FROM months LEFT JOIN bases USING (month) LEFT JOIN regular_bases USING (month) LEFT JOIN repeats USING (month)
    ORDER BY month`;
}
