import type { Duck } from '../../tables/duck.ts';
import { sqlText } from '../../tables/sqlWords.ts';
import { EXPONENT, HUNDRED_THOUSANDS, LEAST_INEXACT, LONG_FLOAT } from '../rows/cutNumbers.ts';
import { MAX_REVENUE, MICROS } from '../rows/parseRows.ts';
import { tidyCustomerIds } from '../rows/tidyCustomerIds.ts';
import type { OrdersSettings } from '../settings.ts';

/**
 * Turns the table `parsed` into the two tables that all later queries use, and marks rows in it that cannot be used:
 * those of an order id that was there before, of an order or a customer whose number has lost digits, and lines that add
 * up to more than any order is worth.
 *
 * - `customers(customer, customer_id)`: a dense number from 0 in the order of the ids.
 * - `orders(customer, day, micros, nth, gap)`, sorted by customer, day and falling value: days since 1970, net revenue
 *   in millionths, the number of the order among the customer's (from 1), and days since the one before (NULL for the
 *   first). An order belongs to a gap of a window starting at day S exactly when `day - gap >= S`, so no window
 *   function is needed per cutoff. Within a day a return follows its purchase, and the order of the rows in the files
 *   plays no part.
 *
 * Returns false where no order of a known customer is left.
 */
export async function buildOrderTables(duck: Duck, settings: OrdersSettings): Promise<boolean> {
  await numberCustomers(duck);
  const areIdsNew = await tidyCustomerIds(duck, settings.nullIds);
  // After the customers: an order of nobody takes no other order's place.
  const areOrdersMarked = settings.columns.orderId !== null && (await markOrders(duck, settings));
  if (areIdsNew || areOrdersMarked) await numberCustomers(duck);
  await duck.run(`CREATE TABLE orders AS
    SELECT customer, day, micros,
      CAST(row_number() OVER of_customer AS INTEGER) AS nth,
      day - lag(day) OVER of_customer AS gap
    FROM (${settings.grain === 'order' ? ROW_ORDERS : LINE_ORDERS}) JOIN customers USING (customer_id)
    WINDOW of_customer AS (PARTITION BY customer ORDER BY day, micros DESC)
    ORDER BY customer, nth`);
  const [{ count }] = await duck.rows<{ count: bigint }>('SELECT count(*) AS count FROM orders');
  return count > 0n;
}

/** Marks the rows of orders that cannot be told apart, are there before, or too large. Returns whether there are any. */
async function markOrders(duck: Duck, { grain }: OrdersSettings): Promise<boolean> {
  const areCut = await markCutIds(duck);
  return (grain === 'line' ? await markHugeSums(duck) : await markDuplicates(duck)) || areCut;
}

async function numberCustomers(duck: Duck): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE customers AS
    SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer, customer_id
    FROM (SELECT DISTINCT customer_id FROM parsed WHERE reason IS NULL AND customer_id IS NOT NULL)
    ORDER BY customer_id`);
}

const EPOCH_DAY = "CAST(order_date - DATE '1970-01-01' AS INTEGER)";

const ROW_ORDERS = `SELECT customer_id, ${EPOCH_DAY} AS day, micros
  FROM parsed WHERE reason IS NULL AND customer_id IS NOT NULL`;

/** By day, too: a return that is booked later under the id of its order must not change the months before it. */
const LINES_OF_AN_ORDER = 'order_id, customer_id, order_date';

const LINE_ORDERS = `SELECT customer_id, ${EPOCH_DAY} AS day, CAST(sum(micros) AS BIGINT) AS micros
  FROM parsed WHERE reason IS NULL AND customer_id IS NOT NULL GROUP BY ${LINES_OF_AN_ORDER}`;

/** Rows that share an order id whose last digits are lost may be of several orders. Returns whether there are any. */
async function markCutIds(duck: Duck): Promise<boolean> {
  const usable = 'reason IS NULL AND customer_id IS NOT NULL';
  const isCut = `(regexp_full_match(order_id, ${sqlText(EXPONENT)}) AND NOT regexp_full_match(order_id, ${sqlText(HUNDRED_THOUSANDS)})
    OR regexp_full_match(order_id, ${sqlText(LONG_FLOAT)}) AND abs(TRY_CAST(split_part(order_id, '.', 1) AS HUGEINT)) >= ${LEAST_INEXACT})`;
  // Few ids end like numbers that are cut, and only these are matched.
  const found = await duck.rows(
    `UPDATE parsed SET reason = 'unreadable_order_id'
     FROM (SELECT order_id AS shared FROM parsed WHERE ${usable} AND (contains(order_id, '+') OR contains(order_id, '.0')) AND ${isCut}
           GROUP BY order_id HAVING count(*) > 1)
     WHERE order_id = shared AND ${usable} RETURNING 1 AS marked`,
  );
  return found.length > 0;
}

/** The first usable row of an order id counts; the ones after it are rejected. Returns whether there are such rows. */
async function markDuplicates(duck: Duck): Promise<boolean> {
  const usable = 'reason IS NULL AND customer_id IS NOT NULL AND order_id IS NOT NULL';
  const [{ extra }] = await duck.rows<{ extra: bigint }>(
    `SELECT count(order_id) - count(DISTINCT order_id) AS extra FROM parsed WHERE ${usable}`,
  );
  if (extra === 0n) return false;
  await duck.run(`UPDATE parsed SET reason = 'duplicate_order_id'
    FROM (SELECT order_id AS twice, min(rowid) AS kept FROM parsed WHERE ${usable} GROUP BY order_id HAVING count(*) > 1)
    WHERE order_id = twice AND parsed.rowid > kept AND ${usable}`);
  return true;
}

/**
 * Lines that are plausible one by one can still add up to more than any order is worth, and to more than 64 bits hold.
 * Returns whether there are such orders.
 */
async function markHugeSums(duck: Duck): Promise<boolean> {
  const usable = 'reason IS NULL AND customer_id IS NOT NULL';
  const most = `${MAX_REVENUE} * ${MICROS}::HUGEINT`;
  const [{ possible }] = await duck.rows<{ possible: boolean }>(
    `SELECT coalesce(sum(abs(micros)) >= ${most}, false) AS possible FROM parsed WHERE ${usable}`,
  );
  if (!possible) return false;
  await duck.run(`UPDATE parsed SET reason = 'unreadable_revenue', detail = said
    FROM (SELECT order_id AS huge, customer_id AS whose, order_date AS booked,
        'the ' || count(*) || ' lines of order ' || order_id || ' add up to ' || CAST(sum(micros) // ${MICROS} AS VARCHAR) AS said
      FROM parsed WHERE ${usable} GROUP BY ${LINES_OF_AN_ORDER} HAVING abs(sum(micros)) >= ${most})
    WHERE order_id = huge AND customer_id = whose AND order_date = booked AND ${usable}`);
  return true;
}
