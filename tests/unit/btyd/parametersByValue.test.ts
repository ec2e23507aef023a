import { describe, expect, test } from 'vitest';
import { bgNbd } from '../../../src/domain/btyd/bgNbd.ts';
import { spendingOf } from '../../../src/domain/btyd/btydModel.ts';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { medianWeeksToNextOrder } from '../../../src/domain/btyd/nextOrder.ts';
import { valueGroupOfEach } from '../../../src/domain/btyd/parametersByValue.ts';
import { predictBtyd, predictRevenuePath } from '../../../src/domain/btyd/predictBtyd.ts';
import { distinctHistories } from '../../../src/domain/btyd/purchaseHistories.ts';
import { type BtydSummary, pickCustomers } from '../../../src/domain/btyd/summary.ts';
import { simulateCustomers, summaryOf } from './simulateCustomers.ts';

const HOUSEHOLDS = { r: 0.6, alpha: 6, a: 0.8, b: 2.5, p: 5, q: 4, v: 24 };
/** Five times the orders, eight times their value, and they stay. */
const BUSINESSES = { r: 2, alpha: 4, a: 0.3, b: 6, p: 5, q: 4, v: 192 };
/** What a household's and a business's purchase is worth on average: p v / (q - 1). */
const [HOUSEHOLD_VALUE, BUSINESS_VALUE] = [40, 320];

function joined(parts: readonly BtydSummary[]): BtydSummary {
  const of = (name: keyof BtydSummary): Float64Array =>
    Float64Array.from(parts.flatMap((it) => [...it[name]]));
  return {
    repeatPurchases: of('repeatPurchases'),
    recencyWeeks: of('recencyWeeks'),
    ageWeeks: of('ageWeeks'),
    meanRepeatValue: of('meanRepeatValue'),
    firstValue: of('firstValue'),
  };
}

/** A shop of households, one customer in forty a business. */
const shop = (seed: number): BtydSummary =>
  joined([simulateCustomers(3900, HOUSEHOLDS, 78, seed), simulateCustomers(100, BUSINESSES, 78, seed + 1)]);

/** Newcomers of eight weeks who bought once, by the value of that purchase. */
const newcomers = summaryOf([
  [0, 0, 8, Number.NaN, HOUSEHOLD_VALUE],
  [0, 0, 8, Number.NaN, BUSINESS_VALUE],
]);

describe('parameters by value', () => {
  test('tell from one purchase who will come often, where those who spend more do', () => {
    const customers = shop(1);
    const [byValue, textbook] = [true, false].map((it) =>
      predictBtyd(fitBtyd(customers, { byValue: it }), newcomers, 26),
    );
    const [household, business] = byValue.expectedPurchases;
    expect(business / household).toBeGreaterThan(3);
    expect(textbook.expectedPurchases[1]).toBe(textbook.expectedPurchases[0]);
    // The value of the first purchase counts, too: the textbook expects of both what the population spends.
    expect(byValue.expectedSpend[1]).toBeGreaterThan(3 * byValue.expectedSpend[0]);
    expect(textbook.expectedSpend[1]).toBe(textbook.expectedSpend[0]);
  });

  test('do not take a discount on first orders for customers who spend little', () => {
    const customers = shop(9);
    const full = fitBtyd(customers, { byValue: true });
    const discounted = { ...customers, firstValue: customers.firstValue.map((value) => value / 4) };
    const model = fitBtyd(discounted, { byValue: true });
    expect(full.byValue?.first.laterOverFirst).toBeGreaterThan(0.8);
    expect(full.byValue?.first.laterOverFirst).toBeLessThan(1.25);
    const [expected, wanted] = [
      predictBtyd(model, discounted, 26).expectedClv,
      predictBtyd(full, customers, 26).expectedClv,
    ];
    expected.forEach((value, row) => {
      expect(value / wanted[row]).toBeCloseTo(1, 6);
    });
  });

  test('are near those of all customers where value says nothing of how often customers come', () => {
    const independent = simulateCustomers(8000, HOUSEHOLDS, 78, 3);
    const { purchases, byValue } = fitBtyd(independent, { byValue: true });
    const rate = ({ r, alpha }: Readonly<Record<string, number>>): number => r / alpha;
    const large = byValue?.groups.filter(({ customers }) => customers >= 400) ?? [];
    expect(large.length).toBeGreaterThan(3);
    for (const { parameters } of large)
      expect(Math.abs(Math.log(rate(parameters) / rate(purchases.parameters)))).toBeLessThan(0.3);
  });

  test('are the mode of likelihood and prior: a step to either side is worse', () => {
    const customers = shop(13);
    const model = fitBtyd(customers, { byValue: true });
    const names = bgNbd.parameterNames;
    const groups = model.byValue?.groups ?? [];
    const begins = groups.map(({ from }) => from);
    const groupOf = valueGroupOfEach(begins, spendingOf(model, customers).meanValue);
    expect(groups.length).toBeGreaterThan(3);
    groups.forEach(({ parameters }, group) => {
      const rows = Uint32Array.from(groupOf.keys()).filter((row) => groupOf[row] === group);
      const histories = distinctHistories(pickCustomers(customers, rows));
      const heightAt = (name: string, step: number): number => {
        const at = names.map((it) => parameters[it] * (it === name ? Math.exp(step) : 1));
        const prior = names.reduce(
          (sum, it, k) => sum - Math.log(at[k] / model.purchases.parameters[it]) ** 2 / 2,
          0,
        );
        return bgNbd.logLikelihood(Float64Array.from(at), histories, new Float64Array(4)) + prior;
      };
      for (const name of names)
        for (const step of [-0.05, 0.05]) expect(heightAt(name, step)).toBeLessThan(heightAt(name, 0));
    });
  });

  test('are of groups that begin at values that differ, never hold fewer than twenty customers, and count everybody once', () => {
    const customers = shop(5);
    const groups = fitBtyd(customers, { byValue: true }).byValue?.groups ?? [];
    const begins = groups.map(({ from }) => from);
    expect(begins[0]).toBe(0);
    expect(begins).toEqual([...new Set(begins)].sort((a, b) => a - b));
    for (const { customers } of groups) expect(customers).toBeGreaterThanOrEqual(20);
    expect(groups.reduce((sum, group) => sum + group.customers, 0)).toBe(4000);
    // Of a thousand, half a hundredth would be five.
    const few = fitBtyd(simulateCustomers(1000, HOUSEHOLDS, 78, 6), { byValue: true }).byValue?.groups ?? [];
    expect(few.length).toBeGreaterThan(3);
    for (const { customers } of few) expect(customers).toBeGreaterThanOrEqual(20);
  });

  test('are one set where all values are alike, and say little of few customers', () => {
    const alike = summaryOf(Array.from({ length: 60 }, (_, i) => [i % 3, i % 3 === 0 ? 0 : 9, 30, 20]));
    const { byValue } = fitBtyd({ ...alike, firstValue: alike.firstValue.fill(20) }, { byValue: true });
    expect(byValue?.groups).toHaveLength(1);
    // Twenty customers of whom nobody came back, beside eighty who did, are not expected never to.
    const few = summaryOf(
      Array.from({ length: 100 }, (_, i) => (i < 80 ? [4, 20, 25, 20] : [0, 0, 25, Number.NaN, 90])),
    );
    const model = fitBtyd(few, { byValue: true });
    const { expectedPurchases } = predictBtyd(model, few, 26);
    expect(model.byValue?.groups.length).toBeGreaterThan(1);
    expect(expectedPurchases[99]).toBeGreaterThan(0.05);
    expect(expectedPurchases[99]).toBeLessThan(expectedPurchases[0]);
  });

  test('are of groups that do not begin in the midst of a price, whatever a few other first orders make of the mean values', () => {
    const customers = simulateCustomers(3000, HOUSEHOLDS, 78, 11);
    const expectedOf = (summary: BtydSummary, byValue: boolean): number =>
      predictBtyd(fitBtyd(summary, { byValue }), summary, 26).expectedPurchases.reduce(
        (sum, it) => sum + it,
        0,
      );
    const ofPrice = (firstOf: (i: number) => number): BtydSummary => ({
      ...customers,
      meanRepeatValue: customers.meanRepeatValue.map((value) => (value > 0 ? 19.9 : value)),
      firstValue: customers.firstValue.map((_, i) => firstOf(i)),
    });
    const shops = [
      // Two boxes at first of every fiftieth; beside that a gift at first of every thirtieth; a discount of every fifth.
      ofPrice((i) => (i % 50 === 0 ? 39.8 : 19.9)),
      ofPrice((i) => (i % 30 === 0 ? 0 : i % 50 === 0 ? 39.8 : 19.9)),
      ofPrice((i) => (i % 5 === 0 ? 14.9 : 19.9)),
    ];
    for (const shop of shops)
      expect(Math.abs(expectedOf(shop, true) / expectedOf(shop, false) - 1)).toBeLessThan(0.05);
  });

  test('serve every prediction: one customer alone is predicted as among all', () => {
    const customers = shop(7);
    const model = fitBtyd(customers, { byValue: true });
    const all = predictBtyd(model, customers, 26);
    const path = predictRevenuePath(model, customers, [13, 26]);
    const next = medianWeeksToNextOrder(model, customers);
    for (const row of [0, 1234, 3905, 3999]) {
      const alone = pickCustomers(customers, Uint32Array.of(row));
      const { expectedClv, pAlive } = predictBtyd(model, alone, 26);
      expect([expectedClv[0], pAlive[0]]).toEqual([all.expectedClv[row], all.pAlive[row]]);
      expect(path[row] + path[4000 + row]).toBeCloseTo(all.expectedClv[row], 9);
      expect(medianWeeksToNextOrder(model, alone)[0]).toBe(next[row]);
    }
  });
});
