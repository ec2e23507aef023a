import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BtydSummary } from '../../src/domain/btyd/summary.ts';
import type { DateWindow } from '../../src/domain/calendar/windows.ts';
import { Random } from '../../src/domain/random.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { readOrders } from '../../src/orders/readOrders.ts';
import { ordersSettings } from '../ordersSettings.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const WINDOW: DateWindow = { start: '2024-03-01', end: '2024-06-01' };

let folder: TemporaryHome;
let open: OrderBook[];

beforeEach(async () => {
  folder = await makeHome();
  open = [];
});
afterEach(async () => {
  for (const book of open) book.close();
  await folder.remove();
});

/** Reads rows of customer, date and revenue. */
async function bookOf(
  rows: readonly (readonly [string, string, number])[],
  name: string,
): Promise<OrderBook> {
  const lines = rows.map(([customer, date, revenue], i) => `o${i},${customer},${date},${revenue}`);
  const source = await folder.write(name, `order_id,customer_id,order_date,revenue\n${lines.join('\n')}\n`);
  const book = await readOrders(ordersSettings({ source, timezone: 'Europe/Berlin' }), {
    clock: { now: () => Date.UTC(2025, 0, 1) },
    threads: 2,
    quarantine: async () => '',
  });
  open.push(book);
  return book;
}

/** Customer id -> x, t_x in days, T in days, mean repeat value, first value. */
async function histories(book: OrderBook, window: DateWindow): Promise<Record<string, number[]>> {
  const { customerIds } = await book.features(window);
  const summary = await book.btydSummary(window);
  const days = (weeks: number): number => Math.round(weeks * 7 * 1e9) / 1e9;
  return Object.fromEntries(customerIds.map((id, i) => [id, rowOf(summary, i, days)]));
}

function rowOf(summary: BtydSummary, i: number, days: (weeks: number) => number): number[] {
  const { repeatPurchases, recencyWeeks, ageWeeks, meanRepeatValue, firstValue } = summary;
  return [repeatPurchases[i], days(recencyWeeks[i]), days(ageWeeks[i]), meanRepeatValue[i], firstValue[i]];
}

describe('the purchase history at a cutoff', () => {
  test('counts days with a purchase, from all orders before the cutoff, for the rows of the features', async () => {
    const book = await bookOf(
      [
        // Began before the window; two orders on one day are one transaction; the last observed day is 31 May.
        ['early', '2024-01-02', 10],
        ['early', '2024-03-05', 20],
        ['early', '2024-03-05', 5],
        ['early', '2024-05-31', 35],
        // Late at night in UTC is the next day in the shop.
        ['night', '2024-04-01T23:30:00Z', 7],
        ['night', '2024-04-02', 8],
        ['once', '2024-05-31', 9],
        // A day of returns alone is no transaction, its money counts; a day that nets to less than zero is one.
        ['returns', '2024-03-01', 50],
        ['returns', '2024-03-11', -20],
        ['returns', '2024-03-21', 30],
        ['returns', '2024-03-31', 10],
        ['returns', '2024-03-31', -80],
        // Nothing but returns: as if bought once, on the day of the first.
        ['only returns', '2024-05-01', -5],
        ['only returns', '2024-05-11', -6],
        // A return before the first known purchase belongs to a purchase that nobody knows.
        ['return first', '2024-03-02', -5],
        ['return first', '2024-03-12', 40],
        ['return first', '2024-03-22', 0],
        // Not in the window, so not among the rows.
        ['gone', '2024-02-29', 10],
        ['new', '2024-06-01', 10],
      ],
      'orders.csv',
    );
    expect(await histories(book, WINDOW)).toEqual({
      early: [2, 150, 150, 30, 10],
      night: [0, 0, 59, Number.NaN, 15],
      once: [0, 0, 0, Number.NaN, 9],
      returns: [2, 30, 91, -30, 50],
      'only returns': [0, 0, 30, Number.NaN, -5],
      'return first': [1, 10, 80, 0, 40],
    });
  });

  test('is changed by no order on or after the cutoff', async () => {
    const random = new Random(11);
    const rows = Array.from({ length: 3000 }, (): [string, string, number] => {
      const day = new Date(Date.UTC(2024, 0, 1 + random.below(300))).toISOString().slice(0, 10);
      return [`c${random.below(400)}`, day, random.below(2000) / 10 - 30];
    });
    const all = await bookOf(rows, 'all.csv');
    const known = await bookOf(
      rows.filter(([, date]) => date < WINDOW.end),
      'known.csv',
    );
    const summary = await all.btydSummary(WINDOW);
    expect(summary.repeatPurchases.length).toBeGreaterThan(300);
    expect(summary).toEqual(await known.btydSummary(WINDOW));
    expect(await all.btydSummary({ start: '2024-03-01', end: '2024-06-02' })).not.toEqual(summary);
  });
});
