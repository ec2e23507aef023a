import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDays, addMonths, type IsoDate } from '../../src/domain/calendar/dates.ts';
import type { MonthOfOrders } from '../../src/domain/forecast/season/learnSeason.ts';
import { Random } from '../../src/domain/random.ts';
import { readOrders } from '../../src/orders/readOrders.ts';
import { ordersSettings } from '../ordersSettings.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

interface Order {
  readonly customer: string;
  readonly date: IsoDate;
  readonly revenue: number;
}

const FIRST = '2021-02-10';
const MONTHS_SOLD = 44;

let folder: TemporaryHome;
beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

const revenueOf = (kind: number): number => (kind < 0.15 ? -5 : kind < 0.3 ? 0 : 10);

/** A shop with people who pause for years, buy twice a day, get things for nothing, and bring things back. */
function someOrders(): Order[] {
  const random = new Random(11);
  const orders: Order[] = [{ customer: 'c0', date: FIRST, revenue: 10 }];
  for (let c = 0; c < 60; c++)
    for (let order = 0; order < 1 + random.uniform() * 25; order++)
      orders.push({
        customer: `c${c}`,
        date: addDays(FIRST, Math.floor(random.uniform() * MONTHS_SOLD * 30)),
        revenue: revenueOf(random.uniform()),
      });
  return orders;
}

async function activityOf(orders: readonly Order[], end: IsoDate): Promise<MonthOfOrders[]> {
  const lines = orders.map(({ customer, date, revenue }, i) => `o${i},${customer},${date},${revenue}`);
  const source = await folder.write(
    'orders.csv',
    `order_id,customer_id,order_date,revenue\n${lines.join('\n')}\n`,
  );
  const book = await readOrders(ordersSettings({ source }), {
    clock: { now: () => Date.UTC(2026, 0, 1) },
    threads: 2,
    quarantine: async () => '',
  });
  try {
    return await book.activity(end);
  } finally {
    book.close();
  }
}

/** The same, month by month and without SQL. */
function plainActivity(orders: readonly Order[], end: IsoDate): MonthOfOrders[] {
  const bought = orders.filter(({ revenue }) => revenue >= 0);
  const months: MonthOfOrders[] = [];
  for (let back = 1; back <= 36 && addMonths(end, -back) >= addMonths(FIRST, 3); back++) {
    const [from, to] = [addMonths(end, -back), addMonths(end, 1 - back)];
    const before = addMonths(end, -back - 12);
    const customers = new Set(
      bought.filter(({ date }) => date >= before && date < from).map(({ customer }) => customer),
    );
    const monthsBought = (customer: string): number =>
      Array.from({ length: 12 }, (_, k) => [addMonths(end, -back - k - 1), addMonths(end, -back - k)]).filter(
        ([start, next]) =>
          bought.some((order) => order.customer === customer && order.date >= start && order.date < next),
      ).length;
    const regulars = new Set([...customers].filter((customer) => monthsBought(customer) > 1));
    const ordersOf = (some: ReadonlySet<string>): number =>
      new Set(
        bought
          .filter(({ customer, date }) => some.has(customer) && date >= from && date < to)
          .map(({ customer, date }) => `${customer} ${date}`),
      ).size;
    months.push({
      customers: customers.size,
      orders: ordersOf(customers),
      regulars: regulars.size,
      ordersOfRegulars: ordersOf(regulars),
    });
  }
  return months;
}

describe('what customers did in the months before a day', () => {
  test.each([
    ['2024-09-01', 36],
    ['2024-03-31', 34],
    ['2022-12-15', 19],
    // The month that begins a quarter of a year after the first order counts, the one before it does not.
    ['2021-06-10', 1],
    ['2021-06-09', 0],
  ])('is counted up to %s, over %d months', async (end, months) => {
    const orders = someOrders();
    const found = await activityOf(orders, end);
    expect(found).toEqual(plainActivity(orders, end));
    expect(found).toHaveLength(months);
  });

  test('does not begin with a stray order of years before, nor reach back over a year without orders', async () => {
    const orders = someOrders();
    const end = '2023-07-01';
    const usual = await activityOf(orders, end);
    for (const date of ['1970-01-01', '2012-03-01'])
      expect(await activityOf([{ customer: 'test', date, revenue: 1 }, ...orders], end)).toEqual(usual);
    // Closed for two years after its first months: only what followed counts.
    const early = orders.map((order, i) => ({
      ...order,
      customer: `e${i % 50}`,
      date: addMonths(order.date, -60),
    }));
    expect(await activityOf([...early, ...orders], end)).toEqual(usual);
  });

  test('knows of no order from that day on', async () => {
    const end = '2023-07-01';
    const orders = someOrders();
    const before = orders.filter(({ date }) => date < end);
    expect(await activityOf(before, end)).toEqual(await activityOf(orders, end));
  });
});
