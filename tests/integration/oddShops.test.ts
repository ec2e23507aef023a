import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMonths } from '../../src/domain/calendar/dates.ts';
import { Random } from '../../src/domain/random.ts';
import { type ComputePool, createComputePool } from '../../workers/pool.ts';
import { HOPELESS_SHOPS, ODD_SHOPS, type OddOrder, oddCustomers, usualCustomers } from '../oddShops.ts';
import { type PlayedRun, playRun } from '../playedRun.ts';
import { contradictionsIn } from '../runContradictions.ts';

let pool: ComputePool;

beforeAll(() => {
  pool = createComputePool({ threads: 2 });
});
afterAll(() => pool?.close());

async function withRun<T>(orders: readonly OddOrder[], use: (played: PlayedRun) => Promise<T>): Promise<T> {
  const played = await playRun(orders, pool);
  try {
    return await use(played);
  } finally {
    await played.remove();
  }
}

describe('a whole run of a shop with odd customers', () => {
  const orders = oddCustomers(1);
  let played: PlayedRun;

  beforeAll(async () => {
    played = await playRun(orders, pool);
  });
  afterAll(() => played?.remove());

  test('contradicts neither the orders nor itself', async () => {
    expect(await contradictionsIn(played, orders)).toEqual([]);
  });

  test('leaves the same bytes whatever the order of the rows', async () => {
    const again = await withRun(shuffled(orders), (other) => other.prints());
    expect(again).toEqual(await played.prints());
  });

  test('changes nothing but the names where customers are renamed in their order', async () => {
    const renamed = orders.map((order) => ({ ...order, customer: `k${order.customer}` }));
    await withRun(renamed, async (other) => {
      for (const kind of [
        'ranked_predictions',
        'clusters',
        'cluster_ranking',
        'predictions_actual',
      ] as const) {
        const wanted = (await played.rows(kind)).map((row) =>
          row.customer_id === undefined ? row : { ...row, customer_id: `k${row.customer_id}` },
        );
        expect(await other.rows(kind), kind).toEqual(wanted);
      }
    });
  });

  test('forecasts 1024 times as much in a currency worth a 1024th, and ranks as before', async () => {
    // A power of two, so that no amount is rounded otherwise: between any two currencies, a customer may lie just where
    // rounding decides on which side of a threshold.
    const dearer = orders.map((order) => ({ ...order, revenue: dearerBy(1024, order.revenue) }));
    await withRun(dearer, async (other) => {
      const [before, after] = [
        await played.rows('ranked_predictions'),
        await other.rows('ranked_predictions'),
      ];
      before.forEach((row, i) => {
        const { customer_id, clv_rank, clv_segment, next_order_date } = row;
        expect(after[i]).toMatchObject({ customer_id, clv_rank, clv_segment, next_order_date });
        for (const name of ['predicted_clv', 'clv_p10', 'clv_p50', 'clv_p90', 'clv_month_1'])
          expect(Number(after[i][name]) / 1024, `${name} of ${customer_id}`).toBeCloseTo(
            Number(row[name]),
            5,
          );
      });
    });
  });
});

test.each([
  ['decimal point', (order: OddOrder) => ({ ...order, revenue: '10000000.00' })],
  ['year', (order: OddOrder) => ({ ...order, date: addMonths(order.date, -60) })],
])('one order with a slipped %s leaves the forecasts of all others nearly as they are', async (_, slip) => {
  const orders = usualCustomers(2);
  const slipped = Math.floor(orders.length / 2);
  const wrong = orders.with(slipped, slip(orders[slipped]));
  const [before, after] = await Promise.all([orders, wrong].map((shop) => withRun(shop, forecastsOf)));
  const others = [...before.keys()].filter((id) => id !== orders[slipped].customer);
  const total = (forecasts: typeof before) => others.reduce((sum, id) => sum + Number(forecasts.get(id)), 0);
  expect(total(after) / total(before)).toBeCloseTo(1, 1);
});

describe('a whole run of a shop where', () => {
  test.each(Object.entries(ODD_SHOPS))('%s contradicts neither the orders nor itself', async (_, shop) => {
    const orders = shop(1);
    expect(await withRun(orders, (played) => contradictionsIn(played, orders))).toEqual([]);
  });
});

test.each(Object.entries(HOPELESS_SHOPS))(
  'a shop %s is refused with a sentence',
  async (_, { orders, says }) => {
    await expect(playRun(orders(), pool)).rejects.toThrow(says);
  },
);

async function forecastsOf(played: PlayedRun): Promise<Map<string, number>> {
  const rows = await played.rows('ranked_predictions');
  return new Map(rows.map(({ customer_id, predicted_clv }) => [customer_id, Number(predicted_clv)]));
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = new Random(1);
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0]);
}

/** An amount of whole cents, multiplied without rounding. */
function dearerBy(factor: number, revenue: string): string {
  return (Math.round(100 * factor * Number(revenue)) / 100).toFixed(2);
}
