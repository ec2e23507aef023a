import { fromEpochDay } from '../domain/calendar/dates.ts';
import { countStrayOrders, DAYS_TO_COUNT } from '../domain/calendar/strayOrders.ts';
import { countOutliers, SIZES_TO_COUNT } from '../domain/evaluation/outliers.ts';
import type { Duck } from '../tables/duck.ts';
import { currencySql } from './queries/aggregates.ts';
import type { OrdersReport, OutlyingOrder, StrayOrder } from './report.ts';
import { countMalformedRows } from './rows/malformedRows.ts';
import type { RejectReason } from './rows/parseRows.ts';

/** What is known of the files that the tables were built from. */
export interface RowsRead {
  readonly files: readonly string[];
  /** The words for a missing id, of which `null_id` in the table `parsed` is an index. */
  readonly nullIds: readonly string[];
}

/** Counts what is in the tables that were built in `duck`, and drops those of single rows, which nobody needs any more. */
export async function reportOrders(duck: Duck, { files, nullIds }: RowsRead): Promise<OrdersReport> {
  const malformed = await countMalformedRows(duck);
  const [rows] = await duck.rows<{ read: bigint; guests: bigint; guest_revenue: number; accepted: bigint }>(
    `SELECT count(*) AS read,
       count(*) FILTER (customer_id IS NULL AND reason IS NULL) AS guests,
       coalesce(${currencySql('sum(micros) FILTER (customer_id IS NULL)')}, 0) AS guest_revenue,
       count(*) FILTER (reason IS NULL AND customer_id IS NOT NULL) AS accepted
     FROM parsed`,
  );
  const reasons = await duck.rows<{ reason: RejectReason; count: bigint }>(
    'SELECT reason, count(*) AS count FROM parsed WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason',
  );
  const guestsById = await countNullIds(duck);
  const [orders] = await duck.rows<{
    orders: bigint;
    returns: bigint;
    customers: bigint;
    revenue: number;
    first: number;
    last: number;
  }>(
    `SELECT count(*) AS orders, count(*) FILTER (micros < 0) AS returns, count(DISTINCT customer) AS customers,
       ${currencySql('sum(micros)')} AS revenue, min(day) AS first, max(day) AS last FROM orders`,
  );
  await duck.run('DROP TABLE parsed; DROP TABLE malformed');
  const rejectsByReason: Partial<Record<RejectReason, number>> = {};
  for (const { reason, count } of reasons) rejectsByReason[reason] = Number(count);
  if (malformed > 0) rejectsByReason.malformed_row = malformed + (rejectsByReason.malformed_row ?? 0);
  return {
    files,
    rowsRead: Number(rows.read) + malformed,
    guestRows: Number(rows.guests),
    guestRowsById: Object.fromEntries(guestsById.map(([id, count]) => [nullIds[id], count])),
    guestRevenue: rows.guest_revenue,
    rejectedRows: Object.values(rejectsByReason).reduce((sum, count) => sum + count, 0),
    rejectsByReason,
    acceptedRows: Number(rows.accepted),
    orders: Number(orders.orders),
    returns: Number(orders.returns),
    customers: Number(orders.customers),
    revenue: orders.revenue,
    outlyingOrders: await findOutlyingOrders(duck, Number(orders.customers)),
    firstDate: fromEpochDay(orders.first),
    ...(await findOpening(duck)),
    lastDate: fromEpochDay(orders.last),
  };
}

/** The day from which the shop was open, and the orders before it. */
async function findOpening(duck: Duck): Promise<Required<Pick<OrdersReport, 'openingDate' | 'strayOrders'>>> {
  const first = await duck.rows<{ customer_id: string; day: number }>(
    `SELECT customer_id, day
     FROM (SELECT customer, day FROM orders ORDER BY day, customer LIMIT ${DAYS_TO_COUNT}) JOIN customers USING (customer)
     ORDER BY day, customer`,
  );
  const days = first.map(({ day }) => day);
  const stray = countStrayOrders(days);
  const strayOrders = first
    .slice(0, stray)
    .map(({ customer_id, day }): StrayOrder => ({ customerId: customer_id, day: fromEpochDay(day) }));
  return { strayOrders, openingDate: fromEpochDay(days[stray]) };
}

async function findOutlyingOrders(duck: Duck, customers: number): Promise<OutlyingOrder[]> {
  const largest = await duck.rows<{ customer_id: string; day: number; revenue: number }>(
    `SELECT customer_id, day, ${currencySql('micros')} AS revenue
     FROM (
       SELECT customer, max(micros) AS micros, arg_max(day, micros) AS day
       FROM orders GROUP BY customer ORDER BY micros DESC, customer LIMIT ${SIZES_TO_COUNT}
     ) JOIN customers USING (customer)
     ORDER BY micros DESC, customer`,
  );
  const outliers = countOutliers(
    largest.map(({ revenue }) => revenue),
    customers,
  );
  return largest.slice(0, outliers).map(({ customer_id, day, revenue }) => ({
    customerId: customer_id,
    day: fromEpochDay(day),
    revenue,
    times: revenue / largest[outliers].revenue,
  }));
}

/** How many rows of guests have each of the words for a missing id, the most frequent first. */
export async function countNullIds(duck: Duck): Promise<[nullId: number, rows: number][]> {
  const found = await duck.rows<{ null_id: number; count: bigint }>(
    `SELECT null_id, count(*) AS count FROM parsed WHERE null_id IS NOT NULL AND reason IS NULL
     GROUP BY null_id ORDER BY count DESC, null_id`,
  );
  return found.map(({ null_id, count }) => [null_id, Number(count)]);
}
