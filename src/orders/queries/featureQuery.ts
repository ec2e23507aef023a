import type { IsoDate } from '../../domain/calendar/dates.ts';
import type { DateWindow } from '../../domain/calendar/windows.ts';
import type { FeatureRequest } from '../../domain/features/chooseFeatures.ts';
import { currencySql, historySql } from './aggregates.ts';
import { type EpochDayWindow, isIn } from './dayWindow.ts';

/**
 * The SQL for one row for each customer with an order in `history`, ordered by id: the id, then every feature as
 * DOUBLE.
 */
export function featuresSql(history: DateWindow, request: FeatureRequest, firstDate: IsoDate): string {
  return `
    SELECT customer_id, ${request.features.join(', ')}
    FROM (${historySql(history, request, firstDate)}) JOIN customers USING (customer)
    ORDER BY customer`;
}

/**
 * As {@link featuresSql} for several histories in turn: the index of the history, the customer's number, the features.
 */
export function featuresOfEachSql(
  histories: readonly DateWindow[],
  request: FeatureRequest,
  firstDate: IsoDate,
): string {
  return ofEach(histories, (history) => historySql(history, request, firstDate));
}

/**
 * Net revenue of each customer with an order in each window: the index of the window, the customer's number, revenue.
 */
export function revenueOfEachSql(windows: readonly EpochDayWindow[]): string {
  return ofEach(
    windows,
    (window) =>
      `SELECT customer, ${currencySql('sum(micros)')} AS revenue FROM orders WHERE ${isIn(window)} GROUP BY customer`,
  );
}

function ofEach<W>(windows: readonly W[], sqlOf: (window: W) => string): string {
  const parts = windows.map((window, i) => `SELECT ${i} AS part, * FROM (${sqlOf(window)})`);
  return `SELECT * REPLACE (CAST(part AS DOUBLE) AS part, CAST(customer AS DOUBLE) AS customer)
    FROM (${parts.join(' UNION ALL ')}) ORDER BY part, customer`;
}

/** Net revenue in `window` of the customers with an order in `history`, one DOUBLE a row, in the order of their ids. */
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

/**
 * One row for each customer with an order in `window`, ordered by id: the id, net revenue in it, 1 if it has the first
 * order, 1 if it has an order that is not a return.
 */
export function revenueByCustomerSql(window: EpochDayWindow): string {
  return `
    SELECT customer_id, revenue, is_new, has_bought
    FROM (
      SELECT customer,
        ${currencySql(`sum(micros) FILTER (day >= ${window.start})`)} AS revenue,
        CAST(min(day) >= ${window.start} AS DOUBLE) AS is_new,
        CAST(max(micros) FILTER (day >= ${window.start}) >= 0 AS DOUBLE) AS has_bought
      FROM orders WHERE day < ${window.end}
      GROUP BY customer HAVING max(day) >= ${window.start}
    ) JOIN customers USING (customer)
    ORDER BY customer`;
}
