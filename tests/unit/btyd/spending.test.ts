import { describe, expect, test } from 'vitest';
import { fitGammaGamma, spendLikelihood } from '../../../src/domain/btyd/gammaGamma.ts';
import { firstSpending, together } from '../../../src/domain/btyd/spending.ts';
import { Random } from '../../../src/domain/random.ts';
import { gamma } from '../../../src/domain/sample/distributions.ts';
import { summaryOf } from './simulateCustomers.ts';

describe('first purchases', () => {
  test('count on the scale of later ones, in full up to a value or to what later ones are worth', () => {
    const summary = summaryOf([
      [0, 0, 9, Number.NaN, 5000],
      [1, 3, 9, 800, 5000],
      [1, 3, 9, 40, 5000],
      [1, 3, 9, 9000, 5000],
      [0, 0, 9, Number.NaN, 200],
      [0, 0, 9, Number.NaN, -5],
    ]);
    const counted = (beyond: number) => [
      ...firstSpending(summary, { laterOverFirst: 0.5, upTo: 600, beyond }).meanValue,
    ];
    expect(counted(0)).toEqual([300, 800, 300, 2500, 100, 0]);
    expect(counted(0.25)).toEqual([850, 1225, 850, 2500, 100, 0]);
    expect(counted(1)).toEqual([2500, 2500, 2500, 2500, 100, 0]);
  });

  test('and later ones together are counted once each', () => {
    const parts = [
      { transactions: Float64Array.of(1, 1, 0), meanValue: Float64Array.of(10, 8, Number.NaN) },
      { transactions: Float64Array.of(3, 0, 0), meanValue: Float64Array.of(30, Number.NaN, Number.NaN) },
    ];
    const { transactions, meanValue } = together(parts);
    expect([...transactions]).toEqual([4, 1, 0]);
    expect([...meanValue]).toEqual([25, 8, Number.NaN]);
  });
});

describe('the Gamma-Gamma fit of two parts', () => {
  /** Customers with a first and `later` other purchases: gamma(p) around means that `meanOf` draws. */
  function parts(p: number, meanOf: (random: Random) => number, later = 2) {
    const random = new Random(21);
    const [first, others] = [0, 1].map(() => new Float64Array(4000));
    for (let i = 0; i < first.length; i++) {
      const mean = meanOf(random);
      first[i] = (mean * gamma(random, p)) / p;
      others[i] = (mean * gamma(random, p * later)) / (p * later);
    }
    return [
      { transactions: new Float64Array(4000).fill(1), meanValue: first },
      { transactions: new Float64Array(4000).fill(later), meanValue: others },
    ];
  }

  test('finds the parameters that customers were made with', () => {
    // Mean value p / rate, rate gamma(q, v).
    const [p, q, v] = [5, 3.5, 20];
    const { parameters } = fitGammaGamma(parts(p, (random) => (p * v) / gamma(random, q)));
    for (const [name, wanted] of Object.entries({ p, q, v }))
      expect(Math.abs(Math.log(parameters[name as 'p' | 'q' | 'v'] / wanted)), name).toBeLessThan(0.1);
  });

  test('tells how steady customers are by how far their parts are apart, whatever their means are like', () => {
    const steady = parts(30, (random) => Math.exp(3 + 0.8 * random.normal()));
    const both = fitGammaGamma(steady).parameters;
    const [, others] = steady;
    const alone = fitGammaGamma([others]).parameters;
    expect(Math.abs(both.p / 30 - 1)).toBeLessThan(0.15);
    // One part alone has only the shape of the distribution of means to go by.
    expect(Math.abs(alone.p / 30 - 1)).toBeGreaterThan(0.5);
  });
});

test('the likelihood of a fit is that of the values as they came, in any currency', () => {
  const random = new Random(4);
  const values = Float64Array.from({ length: 300 }, () => gamma(random, 3) / gamma(random, 4));
  for (const unit of [1, 1000]) {
    const parts = [
      { transactions: new Float64Array(300).fill(2), meanValue: values.map((value) => unit * value) },
    ];
    const { parameters, logLikelihood } = fitGammaGamma(parts);
    const { p, q, v } = parameters;
    const expected = spendLikelihood(parts).logLikelihood(Float64Array.of(p, q, v), new Float64Array(3));
    expect(logLikelihood).toBeCloseTo(expected, 6);
  }
});
