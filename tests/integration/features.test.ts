import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays, addMonths, type IsoDate } from '../../src/domain/calendar/dates.ts';
import { historyWindow } from '../../src/domain/calendar/windows.ts';
import { ALL_FEATURES, BASE_FEATURES, chooseFeatures } from '../../src/domain/features/chooseFeatures.ts';
import { columnOf } from '../../src/domain/features/matrix.ts';
import type { CustomerFeatures, OrderBook } from '../../src/orders/orderBook.ts';
import { readOrders } from '../../src/orders/readOrders.ts';
import { ordersSettings } from '../ordersSettings.ts';
import { type PlainOrder, plainFeatures } from '../plainFeatures.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const CUTOFF = '2024-02-29';
const ALL = chooseFeatures([ALL_FEATURES]);

let folder: TemporaryHome;

beforeAll(async () => {
  folder = await makeHome();
});
afterAll(() => folder.remove());

/** How orders are read; with the grain `line`, all orders of a customer have one order id. */
interface Reading {
  readonly threads?: number;
  readonly grain?: 'order' | 'line';
}

async function withBook<T>(
  orders: readonly PlainOrder[],
  ask: (book: OrderBook) => Promise<T>,
  { threads = 2, grain = 'order' }: Reading = {},
): Promise<T> {
  const lines = orders.map(
    ({ customer, date, cents }) => `${customer},${date},${cents / 100},of ${customer}`,
  );
  const source = await folder.write(
    'orders.csv',
    `customer_id,order_date,revenue,order_id\n${lines.join('\n')}\n`,
  );
  const columns = {
    customerId: 'customer_id',
    orderDate: 'order_date',
    revenue: 'revenue',
    orderId: grain === 'line' ? 'order_id' : null,
  } as const;
  const book = await readOrders(ordersSettings({ source, columns, grain }), {
    clock: { now: () => Date.UTC(2030, 0, 1) },
    threads,
    quarantine: async () => '',
  });
  try {
    return await ask(book);
  } finally {
    book.close();
  }
}

function featuresAt(
  orders: readonly PlainOrder[],
  { months = 6, predMonths = 4, ...reading }: Reading & { months?: number; predMonths?: number } = {},
): Promise<CustomerFeatures> {
  const history = historyWindow(CUTOFF, months);
  return withBook(orders, (book) => book.features(history, { features: ALL, predMonths }), reading);
}

const bitsOf = ({ customerIds, matrix }: CustomerFeatures) => ({
  customerIds,
  bits: Buffer.from(new Uint8Array(matrix.values.buffer)).toString('hex'),
});

/** Orders of some customers on days from `first` to `last` before the cutoff (negative: after it). */
const orders = (first: number, last: number, least: number): fc.Arbitrary<PlainOrder[]> =>
  fc.array(
    fc.record({
      customer: fc.integer({ min: 1, max: 6 }).map((number) => `c${number}`),
      date: fc.integer({ min: last, max: first }).map((days): IsoDate => addDays(CUTOFF, -days)),
      cents: fc.integer({ min: -5000, max: 20_000 }),
    }),
    { minLength: least, maxLength: 40 },
  );

/** At least one order stands before the cutoff. */
const pastOrders = orders(700, 1, 1);

describe('the features of a customer', () => {
  test('are those that a plain computation gives, whatever the window and the horizon', async () => {
    await fc.assert(
      fc.asyncProperty(
        pastOrders,
        fc.constantFrom(1, 6, 12, 18),
        fc.integer({ min: 1, max: 24 }),
        async (shop, months, predMonths) => {
          const wanted = plainFeatures(shop, historyWindow(CUTOFF, months), predMonths);
          const { customerIds, matrix } = await featuresAt(shop, { months, predMonths });
          expect(customerIds).toEqual([...wanted.keys()].sort());
          customerIds.forEach((id, row) => {
            for (const [name, value] of Object.entries(wanted.get(id) ?? {})) {
              const found = columnOf(matrix, name)[row];
              if (Number.isNaN(value)) expect(found, `${id} ${name}`).toBeNaN();
              else expect(found, `${id} ${name}`).toBeCloseTo(value, 8);
            }
          });
          const known = Object.keys([...wanted.values()][0] ?? {});
          if (known.length > 0) expect([...BASE_FEATURES, ...known].sort()).toEqual(ALL.toSorted());
        },
      ),
      { numRuns: 30 },
    );
  });

  test('are changed to no bit by what happens on or after the cutoff', async () => {
    await fc.assert(
      fc.asyncProperty(
        pastOrders,
        orders(0, -500, 1),
        fc.integer({ min: 1, max: 24 }),
        fc.constantFrom('order' as const, 'line' as const),
        async (past, future, predMonths, grain) => {
          const alone = bitsOf(await featuresAt(past, { predMonths, grain }));
          expect(bitsOf(await featuresAt([...future, ...past], { predMonths, grain }))).toEqual(alone);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('have the same bits for any number of threads and any order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(pastOrders, async (shop) => {
        const forwards = bitsOf(await featuresAt(shop, { threads: 1 }));
        expect(bitsOf(await featuresAt(shop.toReversed(), { threads: 4 }))).toEqual(forwards);
      }),
      { numRuns: 10 },
    );
  });

  test('in currency follow the amounts, however small these are', async () => {
    const [shop] = fc.sample(orders(170, 1, 40), { seed: 7, numRuns: 1 });
    // A hundredth of a cent: every amount is a whole number of millionths.
    const small = shop.map((order) => ({ ...order, cents: order.cents / 10_000 }));
    const [usual, tiny] = [await featuresAt(shop), await featuresAt(small)];
    for (const name of ['revenue_sum', 'std1_order_value', 'max_order_value', 'first_order_value']) {
      const [wanted, found] = [usual, tiny].map(({ matrix }) => columnOf(matrix, name));
      wanted.forEach((value, row) => {
        expect(10_000 * found[row], name).toBeCloseTo(value, 8);
      });
    }
  });

  test('that begin or end with a day do so to the day', async () => {
    // The season of four months from 2024-02-29 on is [2023-02-28, 2023-06-29); 2024-01-30 is 30 days before the cutoff.
    const found = async (firstOfShop: IsoDate) => {
      const shop = [
        ['after', '2023-06-29', '2024-01-30'],
        ['in', '2023-06-28', '2024-01-29'],
        ['shop', firstOfShop, '2024-01-30'],
      ].flatMap(([customer, ...dates]) => dates.map((date) => ({ customer, date, cents: 500 })));
      const { matrix } = await featuresAt(shop, { predMonths: 4 });
      return ['revenue_same_season', 'active_last_30d'].map((name) => [...columnOf(matrix, name)]);
    };
    expect(await found('2023-02-28')).toEqual([
      [Number.NaN, 5, 5],
      [1, 0, 1],
    ]);
    const [season] = await found('2023-03-01');
    expect(season).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  test('take what was free for an order, and what was given back for a return', async () => {
    const shop = [0, -100, 300, 0].map((cents) => ({ customer: 'a', date: '2024-01-30', cents }));
    const { matrix } = await featuresAt(shop);
    expect(columnOf(matrix, 'return_share')[0]).toBe(1 / 4);
  });

  test('of the base are the same whatever else is asked for', async () => {
    const [shop] = fc.sample(orders(700, -100, 40), { seed: 7, numRuns: 1 });
    const history = historyWindow(CUTOFF, 6);
    const [base, all] = await withBook(shop, async (book) => [
      await book.features(history),
      await book.features(history, { features: ALL, predMonths: 4 }),
    ]);
    expect(base.matrix.featureNames).toEqual(ALL.slice(0, 11));
    expect(all.customerIds).toEqual(base.customerIds);
    expect(all.matrix.values.slice(0, base.matrix.values.length)).toEqual(base.matrix.values.slice());
  });

  test('of which this version knows nothing are refused with the closest name', async () => {
    const [shop] = fc.sample(pastOrders, { seed: 7, numRuns: 1 });
    const asked = withBook(shop, (book) =>
      book.features(historyWindow(CUTOFF, 6), { features: ['orders_evr'], predMonths: 4 }),
    );
    await expect(asked).rejects.toMatchObject({
      code: 'FEATURE_UNKNOWN',
      message: expect.stringContaining('did you mean orders_ever?'),
    });
  });

  test('say how far back they read', async () => {
    const shop: PlainOrder[] = [
      { customer: 'a', date: '2020-05-01', cents: 100 },
      { customer: 'a', date: '2024-01-01', cents: 100 },
    ];
    const history = historyWindow(CUTOFF, 6);
    const startOf = (words: string[]) =>
      withBook(
        shop,
        async (book) => book.readWindow(history, { features: chooseFeatures(words), predMonths: 4 }).start,
      );
    expect(await startOf(['base', 'value', 'rhythm'])).toBe(history.start);
    expect(await startOf(['revenue_last_12m'])).toBe(addMonths(CUTOFF, -12));
    expect(await startOf(['lifetime'])).toBe('2020-05-01');
  });
});
