import { describe, expect, test } from 'vitest';
import { fitGammaGamma, spendLikelihood } from '../../../src/domain/btyd/gammaGamma.ts';
import { firstSpending, learnFirstPurchases, together } from '../../../src/domain/btyd/spending.ts';
import { Random } from '../../../src/domain/random.ts';
import { gamma } from '../../../src/domain/sample/distributions.ts';
import { summaryOf } from './simulateCustomers.ts';

describe('first purchases', () => {
  test('count for what a later one of those who came back is worth', () => {
    const summary = summaryOf([
      [2, 5, 9, 20, 10],
      [1, 3, 9, 40, 10],
      [0, 0, 9, Number.NaN, 12],
      // Who gives everything back, or begins with a present, tells nothing of it.
      [1, 3, 9, -5, 80],
      [1, 3, 9, 70, 0],
    ]);
    const first = learnFirstPurchases(summary);
    expect(first).toEqual({ laterOverFirst: 3, upTo: 80 });
    expect([...firstSpending(summary, first).meanValue]).toEqual([30, 30, 36, 240, 0]);
    expect(learnFirstPurchases(summaryOf([[0, 0, 9, Number.NaN, 12]])).laterOverFirst).toBe(1);
  });

  test('count at most what the largest but four of a thousand are worth, and never less than nothing', () => {
    const summary = summaryOf(
      Array.from({ length: 1000 }, (_, i) => [0, 0, 9, Number.NaN, i === 0 ? -3 : i < 997 ? i : 1e6]),
    );
    const first = learnFirstPurchases(summary);
    expect(first.upTo).toBe(995);
    const { meanValue } = firstSpending(summary, first);
    expect([meanValue[0], meanValue[500], meanValue[999]]).toEqual([0, 500, 995]);
  });

  test('count beyond that as far as later ones are worth as much', () => {
    const summary = summaryOf([
      [0, 0, 9, Number.NaN, 5000],
      [1, 3, 9, 800, 5000],
      [1, 3, 9, 40, 5000],
      [1, 3, 9, 9000, 5000],
    ]);
    const { meanValue } = firstSpending(summary, { laterOverFirst: 1, upTo: 300 });
    expect([...meanValue]).toEqual([300, 800, 300, 5000]);
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
