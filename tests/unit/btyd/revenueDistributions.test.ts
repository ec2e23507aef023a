import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bgNbd } from '../../../src/domain/btyd/bgNbd.ts';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { negativeBinomialTails } from '../../../src/domain/btyd/negativeBinomial.ts';
import { paretoNbd } from '../../../src/domain/btyd/paretoNbd.ts';
import { predictBtyd } from '../../../src/domain/btyd/predictBtyd.ts';
import type { PurchaseParameters, PurchaseProcess } from '../../../src/domain/btyd/purchaseProcess.ts';
import { predictRevenueDistributions } from '../../../src/domain/btyd/revenueDistributions.ts';
import { Random } from '../../../src/domain/random.ts';
import { exponential, gamma } from '../../../src/domain/sample/distributions.ts';
import { simulateCustomers, summaryOf } from './simulateCustomers.ts';

const PROCESSES: readonly { process: PurchaseProcess; parameters: PurchaseParameters }[] = [
  { process: bgNbd, parameters: { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 } },
  { process: paretoNbd, parameters: { r: 0.5533, alpha: 10.578, s: 0.6061, beta: 11.6688 } },
];
const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

describe('the tails of the negative binomial', () => {
  test('are those of a geometric one for shape 1', () => {
    const tails = negativeBinomialTails(1, 0.4);
    tails.slice(0, 20).forEach((tail, k) => {
      expect(tail).toBeCloseTo(0.4 ** (k + 1), 12);
    });
  });

  test('add up to its mean, from tiny shapes to huge ones', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 9, noNaN: true }),
        fc.double({ min: 0.001, max: 0.95, noNaN: true }),
        (lnShape, z) => {
          const shape = Math.exp(lnShape);
          fc.pre((shape * z) / (1 - z) < 10_000);
          expect(sumOf(negativeBinomialTails(shape, z)) / ((shape * z) / (1 - z))).toBeCloseTo(1, 6);
        },
      ),
    );
    expect(negativeBinomialTails(3, 0)).toEqual(Float64Array.of(0));
  });
});

describe.each(PROCESSES)('the purchases of a customer alive, by $process.name', ({ process, parameters }) => {
  test('are less likely the more they are, and add up to what is expected', () => {
    for (const [x, age, weeks] of [
      [0, 0, 26],
      [0, 38, 39],
      [3, 38, 13],
      [150, 100, 26],
    ]) {
      const atLeast = process.atLeastIfAlive(parameters, x, age, weeks);
      atLeast.slice(1).forEach((probability, k) => {
        expect(probability).toBeLessThanOrEqual(atLeast[k]);
      });
      expect(atLeast[0]).toBeLessThanOrEqual(1);
      expect(sumOf(atLeast) / process.purchasesIfAlive(parameters, x, age, weeks)).toBeCloseTo(1, 3);
    }
  });
});

test('a customer of BG/NBD who has just come buys within t with what the paper says', () => {
  const [{ parameters }] = PROCESSES;
  const [some, more] = bgNbd.atLeastIfAlive(parameters, 0, 0, 26);
  const { r, alpha, a, b } = parameters;
  // Equation 8 of Fader, Hardie and Lee (2005) for x = 0 and x = 1.
  const none = (alpha / (alpha + 26)) ** r;
  const one = (b / (a + b)) * r * none * (26 / (alpha + 26)) + (a / (a + b)) * (1 - none);
  expect(1 - some).toBeCloseTo(none, 9);
  expect(some - more).toBeCloseTo(one, 9);
});

describe('the revenue of the weeks ahead', () => {
  const truth = { r: 0.8, alpha: 12, a: 0.6, b: 3, p: 3, q: 5, v: 60 };
  const model = fitBtyd(simulateCustomers(4000, truth, 104, 1), { byValue: true });
  const customers = summaryOf([
    [0, 0, 3, Number.NaN, 25],
    [0, 0, 60],
    [2, 30.4, 38.9, 22],
    [11, 20, 26, 75],
    [60, 99.9, 100, 12],
    [1, 0.5, 90, -4],
  ]);

  test('has the mean that is predicted', () => {
    const { expectedClv } = predictBtyd(model, customers, 26);
    const { expected } = predictRevenueDistributions(model, customers, 26);
    expected.forEach((value, i) => {
      expect(value / expectedClv[i]).toBeCloseTo(1, 6);
    });
  });

  test('is spread as that of customers who behave so', () => {
    const random = new Random(3);
    const textbook = { ...fitBtyd(simulateCustomers(4000, truth, 104, 1)), byValue: null };
    const { r, alpha, a, b } = textbook.purchases.parameters;
    const { p, q, v } = textbook.spend.parameters;
    const [x, age, weeks, value] = [2, 39, 26, 22];
    const customer = summaryOf([[x, 38, age, value]]);
    const { pPurchase, logMean, logDeviation } = predictRevenueDistributions(textbook, customer, weeks);
    const [alive] = predictBtyd(textbook, customer, weeks).pAlive;
    const logs: number[] = [];
    const drawn = 40_000;
    for (let i = 0; i < drawn; i++) {
      if (random.uniform() >= alive) continue;
      const rate = gamma(random, r + x) / (alpha + age);
      const leaving = gamma(random, a);
      const dropout = leaving / (leaving + gamma(random, b + x));
      let purchases = 0;
      for (let at = exponential(random) / rate; at <= weeks; at += exponential(random) / rate) {
        purchases++;
        if (random.uniform() < dropout) break;
      }
      const scale = gamma(random, q + p * x) / (v + x * value);
      if (purchases > 0) logs.push(Math.log(gamma(random, p * purchases) / scale));
    }
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
    expect(Math.abs(logs.length / drawn - pPurchase[0])).toBeLessThan(0.01);
    expect(Math.abs(mean - logMean[0])).toBeLessThan(0.02);
    expect(Math.abs(deviation - logDeviation[0])).toBeLessThan(0.02);
  });

  test('is refused for weeks that nobody can mean', () => {
    expect(() => predictRevenueDistributions(model, customers, -1)).toThrow(/cannot be predicted/);
  });
});
