import { describe, expect, test } from 'vitest';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { medianWeeksToNextOrder } from '../../../src/domain/btyd/nextOrder.ts';
import { predictBtyd } from '../../../src/domain/btyd/predictBtyd.ts';
import { pickCustomers } from '../../../src/domain/btyd/summary.ts';
import { Random } from '../../../src/domain/random.ts';
import { simulateCustomers, summaryOf } from './simulateCustomers.ts';

const TRUTH = { r: 0.6, alpha: 5, a: 0.8, b: 2.5, p: 5, q: 3.5, v: 20 };
const BOTH = ['bg-nbd', 'pareto-nbd'] as const;

describe('a fit', () => {
  test('finds the parameters that customers were made with', () => {
    const { purchases, spend } = fitBtyd(simulateCustomers(20_000, TRUTH, 104, 1));
    const found: Record<string, number> = { ...purchases.parameters, ...spend.parameters };
    for (const [name, wanted] of Object.entries(TRUTH))
      expect(Math.abs(Math.log(found[name] / wanted)), name).toBeLessThan(0.1);
  });

  test.each(BOTH)('of %s does not depend on the order of the customers, nor on the currency', (process) => {
    const summary = simulateCustomers(500, TRUTH, 104, 2);
    const reversed = pickCustomers(summary, Uint32Array.from(summary.repeatPurchases.keys()).reverse());
    const model = fitBtyd(summary, { process });
    const other = fitBtyd(
      { ...reversed, meanRepeatValue: reversed.meanRepeatValue.map((value) => value * 1e4) },
      { process },
    );
    for (const [name, value] of Object.entries(model.purchases.parameters))
      expect(other.purchases.parameters[name] / value).toBeCloseTo(1, 4);
    expect(other.spend.parameters.p / model.spend.parameters.p).toBeCloseTo(1, 4);
    expect(other.spend.parameters.v / model.spend.parameters.v / 1e4).toBeCloseTo(1, 4);
    expect(fitBtyd(summary, { process })).toEqual(model);
  });
});

const EVERY_FOURTH_WEEK = Array.from({ length: 60 }, (_, i) => {
  const x = 12 + (i % 5);
  return [x, 4 * x, 4 * x + (i % 4), 30];
});
const WITH_RETURNS = [
  [2, 3, 9, -5],
  [1, 2, 9, 0],
  [1, 2, 8, 12],
  [0, 0, 5],
  [4, 6, 9, 8],
];
const SHOPS: readonly [string, readonly (readonly number[])[]][] = [
  [
    'three customers',
    [
      [0, 0, 30],
      [2, 10, 40, 20],
      [1, 5, 20, 30],
    ],
  ],
  ['a single customer', [[1, 5, 5, 20]]],
  [
    'customers of a few days',
    [
      [0, 0, 0],
      [1, 1 / 7, 1 / 7, 5],
    ],
  ],
  ['customers who are all alike', EVERY_FOURTH_WEEK],
  ['net returns of some', WITH_RETURNS],
  [
    'buyers of 500 times beside those of one time',
    [
      ...Array.from({ length: 30 }, (_, i) => [500, 99.9 - i / 5, 100, 50 + i]),
      ...Array.from({ length: 200 }, (_, i) => [0, 0, i / 2]),
    ],
  ],
  [
    'customers who have all gone',
    Array.from({ length: 60 }, (_, i) => [1 + (i % 3), 1 + (i % 3), 200 + i, 20]),
  ],
  [
    'one customer of a million purchases',
    [
      [1e6, 9999, 10_000, 1e9],
      [0, 0, 1],
      [1, 1, 5200, 1e-3],
    ],
  ],
];

test('where baskets differ much between customers, one-time buyers are not expected to spend several times what they do', () => {
  const SPREAD = 1.3;
  const random = new Random(4);
  const rows = Array.from({ length: 4000 }, () => {
    const own = 50 * Math.exp(SPREAD * random.normal());
    const x = random.below(16);
    const values = Array.from({ length: x }, () => own * Math.exp(0.5 * random.normal() - 0.125));
    return x === 0 ? [0, 0, 40] : [x, 20, 40, values.reduce((sum, value) => sum + value, 0) / x];
  });
  const customers = summaryOf(rows);
  const { expectedSpend } = predictBtyd(fitBtyd(customers), customers, 26);
  const once = rows.findIndex(([x]) => x === 0);
  const mean = 50 * Math.exp(SPREAD ** 2 / 2);
  expect(expectedSpend[once] / mean).toBeGreaterThan(0.7);
  expect(expectedSpend[once] / mean).toBeLessThan(1.4);
});

describe.each(BOTH)('%s on an odd shop', (process) => {
  test.each(SHOPS)('of %s gives finite parameters and predictions', (_, rows) => {
    const summary = summaryOf(rows);
    const model = fitBtyd(summary, { process });
    const numbers = [...Object.values(model.purchases.parameters), ...Object.values(model.spend.parameters)];
    expect(numbers.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
    expect(model.purchases.logLikelihood).toSatisfy(Number.isFinite);
    const prediction = predictBtyd(model, summary, 52);
    for (const column of Object.values(prediction)) expect(column.every(Number.isFinite)).toBe(true);
    expect(medianWeeksToNextOrder(model, summary).some(Number.isNaN)).toBe(false);
  });

  test('names parameters that the customers do not determine', () => {
    const { purchases } = fitBtyd(summaryOf(EVERY_FOURTH_WEEK), { process });
    expect(purchases.atBound).toContain('alpha');
    expect(purchases.parameters.r / purchases.parameters.alpha).toBeCloseTo(0.25, 1);
  });
});

describe('what cannot be fitted', () => {
  const code = (wanted: string) => expect.objectContaining({ code: wanted });

  test('is refused: no customers, no repeat purchases, no repeat purchase of any value', () => {
    expect(() => fitBtyd(summaryOf([]))).toThrow(code('BTYD_NO_CUSTOMERS'));
    expect(() =>
      fitBtyd(
        summaryOf([
          [0, 0, 3],
          [0, 0, 9],
        ]),
      ),
    ).toThrow(code('BTYD_NO_REPEAT_PURCHASES'));
    expect(() =>
      fitBtyd(
        summaryOf([
          [1, 2, 3, -1],
          [0, 0, 9],
        ]),
      ),
    ).toThrow(code('BTYD_NO_SPEND'));
  });

  test.each([
    ['half a purchase', [0.5, 1, 2, 3]],
    ['a recency beyond the age', [1, 3, 2, 3]],
    ['a recency without a repeat purchase', [0, 1, 2]],
    ['a repeat purchase without a value', [1, 1, 2]],
    ['an age that is no number', [0, 0, Number.NaN]],
    ['an age below zero', [0, 0, -1]],
  ])('is refused: %s', (_, row) => {
    expect(() => fitBtyd(summaryOf([[1, 1, 2, 3], row]))).toThrow(code('BTYD_CUSTOMER_INVALID'));
  });

  test('is refused: columns of unequal length', () => {
    const summary = { ...summaryOf([[0, 0, 3]]), ageWeeks: new Float64Array(2) };
    expect(() => fitBtyd(summary)).toThrow(code('BTYD_LENGTHS_DIFFER'));
  });
});
