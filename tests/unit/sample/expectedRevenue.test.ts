import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/domain/random.ts';
import { expectedErlangOrders, type Truth, TruthOfShop } from '../../../src/domain/sample/expectedRevenue.ts';
import {
  allocateHistory,
  type CustomerHistory,
  simulateCustomer,
} from '../../../src/domain/sample/purchases.ts';
import { expectedPendingReturn, expectedReturn } from '../../../src/domain/sample/returns.ts';
import { openShop, type Shop } from '../../../src/domain/sample/shop.ts';
import type { ShopOptions } from '../../../src/domain/sample/shopOptions.ts';

/** The window ends where the shop does, so that what happened in it can be compared with what was expected. */
const OPTIONS: ShopOptions = {
  seed: 1,
  months: 36,
  end: '2025-01-01',
  truth: { cutoff: '2024-07-01', predMonths: 6 },
};

interface Outcome extends Truth {
  readonly actualRevenue: number;
  readonly group: string;
}

function simulateOutcomes(shop: Shop, customers: number): Outcome[] {
  const truthOfShop = new TruthOfShop(shop);
  const columns = allocateHistory();
  const outcomes: Outcome[] = [];
  for (let number = 1; number <= customers; number++) {
    const history = simulateCustomer(shop, number, columns);
    const truth = truthOfShop.of(history);
    if (truth === undefined) continue;
    const { kind } = history.customer.kindInShop;
    const group = truth.isAlive ? `${kind.name} ${history.stagesAtCutoff}` : 'gone';
    outcomes.push({ ...truth, actualRevenue: actualRevenue(shop, history), group });
  }
  return outcomes;
}

function actualRevenue(shop: Shop, { purchases }: CustomerHistory): number {
  const { cutoffDay, endDay } = shop.truth!;
  const isInWindow = (day: number) => day >= cutoffDay && day < endDay;
  let cents = 0;
  for (let i = 0; i < purchases.count; i++) {
    if (isInWindow(purchases.day[i]!)) cents += purchases.cents[i]!;
    if (isInWindow(purchases.returnDay[i]!)) cents -= purchases.returnCents[i]!;
  }
  return cents / 100;
}

/** How many standard errors the mean of actual less expected revenue lies from zero. */
function biasInStandardErrors(outcomes: Outcome[]): number {
  const errors = outcomes.map((outcome) => outcome.actualRevenue - outcome.expectedRevenue);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1);
  return mean / Math.sqrt(variance / errors.length);
}

describe('the true expected revenue', () => {
  const outcomes = simulateOutcomes(openShop(OPTIONS), 120_000);

  test('is what customers spend on average', () => {
    expect(outcomes.length).toBeGreaterThan(80_000);
    expect(Math.abs(biasInStandardErrors(outcomes))).toBeLessThan(3);
  });

  test('is what customers spend on average in every tenth of the expected values', () => {
    const sorted = [...outcomes].sort((a, b) => a.expectedRevenue - b.expectedRevenue);
    const alive = sorted.filter((outcome) => outcome.isAlive);
    for (let tenth = 0; tenth < 10; tenth++) {
      const [from, to] = [tenth, tenth + 1].map((i) => Math.floor((i * alive.length) / 10));
      expect(Math.abs(biasInStandardErrors(alive.slice(from, to)))).toBeLessThan(3.5);
    }
  });

  test('is what customers of each kind and stage spend on average, and what comes back from those gone', () => {
    const groups = [...new Set(outcomes.map((outcome) => outcome.group))].sort();
    expect(groups).toEqual([
      'business 0',
      'gone',
      'household 0',
      'replenisher 0',
      'replenisher 1',
      'replenisher 2',
      'replenisher 3',
    ]);
    for (const group of groups) {
      const members = outcomes.filter((outcome) => outcome.group === group);
      expect(Math.abs(biasInStandardErrors(members))).toBeLessThan(3.5);
    }
  });

  test('knows of a planted change inside the window', () => {
    const change = { at: '2024-09-01', factor: 0.4 };
    const changed = simulateOutcomes(openShop({ ...OPTIONS, change }), 40_000);
    expect(Math.abs(biasInStandardErrors(changed))).toBeLessThan(3);
    const total = (of: Outcome[]) => of.reduce((sum, outcome) => sum + outcome.expectedRevenue, 0);
    const unchanged = outcomes.filter((_, i) => i < changed.length);
    expect(total(changed) / total(unchanged)).toBeLessThan(0.75);
  });

  test('is never above zero for a customer who has left', () => {
    const gone = outcomes.filter((outcome) => !outcome.isAlive);
    expect(gone.length).toBeGreaterThan(10_000);
    expect(gone.every((outcome) => outcome.expectedRevenue <= 0)).toBe(true);
  });

  test('can be had for months that lie beyond the end of the shop', () => {
    const cutoff = '2024-07-01';
    const open = openShop({ ...OPTIONS, end: cutoff, truth: { cutoff, predMonths: 6 } });
    expect(open.truth!.endDay).toBeGreaterThan(open.days);
    const truths = simulateOutcomes(open, 2000);
    expect(truths).toHaveLength(2000);
    expect(truths.some((truth) => truth.isAlive && truth.expectedRevenue > 100)).toBe(true);
  });

  test('is asked of a shop with a truth window only', () => {
    const { seed, months, end } = OPTIONS;
    expect(() => new TruthOfShop(openShop({ seed, months, end }))).toThrow(RangeError);
  });
});

describe('the true expected revenue of one customer', () => {
  const shop = openShop(OPTIONS);
  const { cutoffDay, endDay } = shop.truth!;

  /** A household with these purchases, `[day, cents, returnDay]`, who never leaves unless `goneDay` says so. */
  function householdWith(
    purchases: [number, number, number][],
    goneDay = Number.POSITIVE_INFINITY,
  ): CustomerHistory {
    const columns = allocateHistory();
    for (const [day, cents, returnDay] of purchases) {
      columns.purchases.add(day, cents, returnDay, returnDay < 0 ? 0 : cents);
    }
    const customer = {
      kindInShop: shop.kinds[0]!,
      firstDay: purchases[0]![0],
      ratePerDay: 0.05,
      dropoutPerDay: 0,
      goneDay,
      meanCents: 4000,
    };
    return { customer, ...columns, stagesAtCutoff: 0, random: new Random(1) };
  }

  test('who has left is what may still come back of orders that have not come back yet', () => {
    const history = householdWith(
      [
        [cutoffDay - 100, 9900, -1],
        [cutoffDay - 20, 5000, cutoffDay - 1],
        [cutoffDay - 10, 3000, -1],
        [cutoffDay - 10, 2000, cutoffDay],
      ],
      cutoffDay,
    );
    const truth = new TruthOfShop(shop).of(history)!;
    const pending = expectedPendingReturn(10, endDay - cutoffDay);
    expect(pending).toBeGreaterThan(0.01);
    expect(truth.isAlive).toBe(false);
    expect(truth.expectedRevenue).toBeCloseTo(-(30 + 20) * pending, 12);
  });

  test('who stays is the orders of each day from the cutoff to the last day of the window, less returns', () => {
    const truth = new TruthOfShop(shop).of(householdWith([[0, 1000, -1]], cutoffDay + 1))!;
    const { demand, basket } = shop.kinds[0]!;
    let expected = 0;
    for (const [day, date] of shop.dates.entries()) {
      if (date < '2024-07-01' || date > '2024-12-31') continue;
      expected += 0.05 * 40 * demand.weightOf(day) * basket[day]! * (1 - expectedReturn(endDay - day));
    }
    expect(truth.isAlive).toBe(true);
    expect(truth.expectedRevenue).toBeCloseTo(expected, 8);
  });

  test('who came on the cutoff or later is unknown', () => {
    expect(new TruthOfShop(shop).of(householdWith([[cutoffDay, 1000, -1]]))).toBeUndefined();
    expect(new TruthOfShop(shop).of(householdWith([[cutoffDay - 1, 1000, -1]]))).toBeDefined();
  });
});

describe('the expected orders of a regular customer', () => {
  /** E[floor((done + N) / 4)] term by term. */
  function summed(stages: number, done: number): number {
    let probability = Math.exp(-stages);
    let expected = 0;
    for (let n = 0; n < 400; n++) {
      expected += probability * Math.floor((done + n) / 4);
      probability *= stages / (n + 1);
    }
    return expected;
  }

  test.each([0, 1, 2, 3])('equal the Poisson sum after %d stages', (done) => {
    for (const stages of [0, 0.01, 0.5, 1, 3.3, 8, 40]) {
      expect(expectedErlangOrders(stages, done)).toBeCloseTo(summed(stages, done), 10);
    }
  });
});
