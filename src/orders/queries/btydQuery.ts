import { currencySql } from './aggregates.ts';
import type { EpochDayWindow } from './dayWindow.ts';

/**
 * The SQL for x, t_x, T, mean repeat value and first value of the customers with an order in `history`, one row a
 * customer in the order of `featuresSql`. They are computed from *all* their orders before `history.end`, because how
 * long ago somebody first bought does not depend on where a window begins.
 *
 * A transaction is a day with at least one order that is not a return. A day with nothing but returns is no
 * transaction, but its money counts: the mean repeat value is the net revenue after the day of the first transaction
 * over the number of later transactions, and the first value is the net revenue of that first day. A customer with
 * nothing but returns counts as somebody who bought once, on the day of the first return.
 */
export function btydSummarySql(history: EpochDayWindow): string {
  return `
    SELECT CAST(x AS DOUBLE) AS x,
      CASE WHEN x > 0 THEN (last_day - first_day) / 7.0::DOUBLE ELSE 0.0::DOUBLE END AS recency,
      (${history.end - 1} - first_day) / 7.0::DOUBLE AS age,
      CASE WHEN x > 0 THEN ${currencySql('repeat_micros')} / x END AS repeat_value,
      ${currencySql('first_micros')} AS first_value
    FROM (
      SELECT customer, first_day,
        greatest(count(*) FILTER (is_purchase) - 1, 0) AS x,
        max(day) FILTER (is_purchase) AS last_day,
        sum(micros) FILTER (day > first_day) AS repeat_micros,
        sum(micros) FILTER (day = first_day) AS first_micros
      FROM (
        SELECT *, coalesce(min(day) FILTER (is_purchase) OVER of_customer, min(day) OVER of_customer) AS first_day
        FROM (
          SELECT customer, day, sum(micros) AS micros, max(micros) >= 0 AS is_purchase
          FROM orders WHERE day < ${history.end}
          GROUP BY customer, day
        )
        WINDOW of_customer AS (PARTITION BY customer)
      )
      GROUP BY customer, first_day
      HAVING max(day) >= ${history.start}
    )
    ORDER BY customer`;
}
