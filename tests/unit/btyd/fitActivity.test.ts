import { describe, expect, test } from 'vitest';
import { fitActivity } from '../../../src/domain/btyd/fitActivity.ts';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { medianWeeksToNextOrder } from '../../../src/domain/btyd/nextOrder.ts';
import { predictAlive } from '../../../src/domain/btyd/predictBtyd.ts';
import { Random } from '../../../src/domain/random.ts';
import { exponential, gamma } from '../../../src/domain/sample/distributions.ts';
import { summaryOf } from './simulateCustomers.ts';

/** Customers who buy at a rate of their own until they leave at a time of their own, first orders spread over a year and a half. */
function customersWhoLeave(customers: number, seed: number) {
  const random = new Random(seed);
  const rows: number[][] = [];
  const isActive: boolean[] = [];
  const nextOrder: number[] = [];
  for (let i = 0; i < customers; i++) {
    const age = 78 * random.uniform();
    const rate = gamma(random, 0.8) / 6;
    const leaves = exponential(random) / (gamma(random, 1.5) / 60);
    let x = 0;
    let last = 0;
    let next = exponential(random) / rate;
    for (; next <= age && next <= leaves; next += exponential(random) / rate) {
      last = next;
      x++;
    }
    rows.push([x, last, age, 20, 20]);
    isActive.push(leaves > age);
    nextOrder.push(next <= leaves ? next - age : Number.POSITIVE_INFINITY);
  }
  return { summary: summaryOf(rows), isActive, nextOrder };
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe('the model of who is still active', () => {
  const { summary, isActive, nextOrder } = customersWhoLeave(15_000, 1);
  const model = fitBtyd(summary, { byValue: true });
  const activity = fitActivity(model, summary);
  const rows = isActive.map((_, row) => row);
  const once = rows.filter((row) => summary.repeatPurchases[row] === 0);
  const long = once.filter((row) => summary.ageWeeks[row] > 60);
  const often = rows.filter((row) => summary.repeatPurchases[row] > 5);

  test('knows how many of those are who bought once, long ago or often; BG/NBD takes all of the first for active', () => {
    const [says, bgNbdSays] = [activity, model].map((it) => predictAlive(it, summary));
    for (const group of [once, long, often]) {
      const active = mean(group.map((row) => Number(isActive[row])));
      expect(Math.abs(mean(group.map((row) => says[row])) - active)).toBeLessThan(0.04);
    }
    expect(mean(long.map((row) => Number(isActive[row])))).toBeLessThan(0.6);
    expect(new Set(once.map((row) => bgNbdSays[row]))).toEqual(new Set([1]));
  });

  test('dates the next order so that half of those who are active have ordered by then', () => {
    const weeks = medianWeeksToNextOrder(activity, summary);
    const active = rows.filter((row) => isActive[row] && weeks[row] < 500);
    for (const group of [active, active.filter((row) => summary.repeatPurchases[row] === 0)])
      expect(Math.abs(mean(group.map((row) => Number(nextOrder[row] <= weeks[row]))) - 0.5)).toBeLessThan(
        0.04,
      );
    const never = rows.filter((row) => isActive[row] && weeks[row] === Number.POSITIVE_INFINITY);
    expect(mean(never.map((row) => Number(nextOrder[row] < 1e6)))).toBeLessThan(0.5);
  });

  test('shares the spending of the purchase model, and is the same for the same customers', () => {
    expect(activity).toMatchObject({ process: 'pareto-nbd', spend: model.spend, customers: 15_000 });
    expect(activity.byValue?.first).toEqual(model.byValue?.first);
    expect(activity.purchases.converged).toBe(true);
    expect(fitActivity(model, summary)).toEqual(activity);
  });

  test.each([
    ['nobody leaves', Array.from({ length: 200 }, (_, i) => [8 + (i % 3), 75 - (i % 7), 77, 10])],
    ['everybody buys once', [...Array.from({ length: 300 }, (_, i) => [0, 0, i / 4]), [1, 2, 50, 10]]],
    ['there is one customer', [[2, 4, 5, 10]]],
  ])('says something of everybody where %s', (_, histories) => {
    const few = summaryOf(histories);
    const found = fitActivity(fitBtyd(few, { byValue: true }), few);
    for (const p of predictAlive(found, few)) expect(p >= 0 && p <= 1).toBe(true);
    expect(medianWeeksToNextOrder(found, few).some(Number.isNaN)).toBe(false);
    expect(found.purchases.atBound).not.toContain('beta');
  });

  test('of a single customer keeps to what is usual: one leaves a year, at rates as different as exponential ones', () => {
    const one = summaryOf([[2, 4, 5, 10]]);
    const { s, beta } = fitActivity(fitBtyd(one), one).purchases.parameters;
    expect(Math.abs(Math.log(s))).toBeLessThan(0.2);
    expect(Math.abs(Math.log(beta / (365.25 / 7)))).toBeLessThan(0.2);
  });

  test('of very many customers is that of an even part of them', () => {
    const histories = Array.from({ length: 5000 }, (_, i) =>
      i < 2500 ? [i % 4, 10 + (i % 4), 40, 20] : [0, 0, 60 + (i % 3)],
    );
    const part = summaryOf(histories.map(([x, last, ...rest]) => [x, x === 0 ? 0 : last, ...rest]));
    const twice = summaryOf(
      histories
        .map(([x, last, ...rest]) => [x, x === 0 ? 0 : last, ...rest])
        .flatMap((history) => [history, history]),
    );
    const fitted = fitBtyd(part);
    expect(fitActivity(fitted, twice).purchases).toEqual(fitActivity(fitted, part).purchases);
  });
});
