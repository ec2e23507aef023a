import { describe, expect, test } from 'vitest';
import { digamma, trigamma } from '../../../src/domain/btyd/gammaFunctions.ts';
import type { RevenueDistributions } from '../../../src/domain/btyd/revenueDistributions.ts';
import type { UnseenForecast } from '../../../src/domain/forecast/combination/unseenForecast.ts';
import { conformalQuantile, groupsOfLikeForecast } from '../../../src/domain/forecast/intervals/conformal.ts';
import { shareWithin } from '../../../src/domain/forecast/intervals/forecastIntervals.ts';
import type { IntervalLevels } from '../../../src/domain/forecast/intervals/intervalLevels.ts';
import type { IntervalRatios } from '../../../src/domain/forecast/intervals/intervalRatios.ts';
import { applyIntervals } from '../../../src/domain/forecast/intervals/intervals.ts';
import { learnIntervals } from '../../../src/domain/forecast/intervals/learnIntervals.ts';
import {
  cumulativeProbability,
  distributionAround,
  quantile,
} from '../../../src/domain/forecast/intervals/predictiveDistribution.ts';
import { Random } from '../../../src/domain/random.ts';
import { exponential, gamma } from '../../../src/domain/sample/distributions.ts';

const same = { distributions: null, windowRatio: 1 };

/** Customers who buy with probability `buys`, and then around their forecast, which is `bias` times too low. */
function customers(count: number, buys: number, seed: number, bias = 1) {
  const random = new Random(seed);
  const predicted = Float64Array.from({ length: count }, () => Math.exp(2 + 1.5 * random.normal()));
  const actual = predicted.map((value) =>
    random.uniform() < buys ? bias * (value / buys) * Math.exp(0.7 * random.normal() - 0.245) : 0,
  );
  return { predicted, actual };
}

test('customers are grouped by forecast, and are one group where they are few', () => {
  const predicted = Float64Array.of(5, 1, 4, 2, 3, 6);
  const groups = (least: number) =>
    groupsOfLikeForecast(predicted, { least, most: 10 }).map(({ size, rows }) => [size, ...rows]);
  expect(groups(2)).toEqual([
    [2, 1, 3],
    [4, 4, 2],
    [6, 0, 5],
  ]);
  expect(groups(100)).toEqual([[4, 1, 3, 4, 2, 0, 5]]);
});

test('groups of one forecast are one, with all of its customers, and those of nothing none', () => {
  const predicted = Float64Array.of(7, 0, 3, 3, 0, 3, 3, 3, 9, 3);
  const groups = groupsOfLikeForecast(predicted, { least: 2, most: 10 });
  expect(groups.map(({ size, rows }) => [size, ...rows])).toEqual([
    [3, 2, 3, 5, 6, 7, 9],
    [9, 0, 8],
  ]);
});

describe('intervals in ratios, without a purchase model,', () => {
  test.each([1, 0.95, 0.7, 0.4])('hold four fifths of other customers of whom %f buy', (buys) => {
    const table = learnIntervals(customers(8000, buys, 1), same);
    const later = customers(8000, buys, 2);
    const found = shareWithin(later.actual, applyIntervals(table, later.predicted, null));
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  test('of a few customers are as wide as so few ask for', () => {
    const nine = Float64Array.from({ length: 9 }, (_, i) => i + 1);
    // The next one lies below the k-th of nine with k chances in ten, not in nine.
    const shares = [0.1, 0.15, 0.5, 0.9, 0.99];
    expect(shares.map((share) => conformalQuantile(nine, share))).toEqual([1, 1.5, 5, 9, 9]);
  });

  test('do not take a total that was missed as a whole for the spread of customers', () => {
    const table = learnIntervals(customers(8000, 0.9, 1, 1.4), same);
    const later = customers(8000, 0.9, 2);
    const found = shareWithin(later.actual, applyIntervals(table, later.predicted, null));
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  test('are ordered, and 0 where four fifths buy nothing', () => {
    const table = learnIntervals(customers(4000, 0.05, 3), same);
    const { p10, p50, p90 } = applyIntervals(table, customers(500, 0.05, 4).predicted, null);
    p10.forEach((low, row) => {
      expect(low).toBeLessThanOrEqual(p50[row]);
      expect(p50[row]).toBeLessThanOrEqual(p90[row]);
      expect(p90[row]).toBe(0);
    });
  });

  test('of a longer window belong to sizes that are as much larger', () => {
    const origin = customers(2000, 0.8, 5);
    const [short, long] = [1, 2].map(
      (windowRatio) => learnIntervals(origin, { distributions: null, windowRatio }) as IntervalRatios,
    );
    expect(long.sizes).toEqual(short.sizes.map((size) => 2 * size));
    expect(long.high).toEqual(short.high);
  });

  test('can be learned from one customer, and from forecasts that are all the same', () => {
    expect(learnIntervals({ predicted: Float64Array.of(5), actual: Float64Array.of(10) }, same)).toEqual({
      kind: 'ratios',
      sizes: [10],
      low: [1],
      middle: [1],
      high: [1],
    });
    const alike = { predicted: new Float64Array(400).fill(3), actual: new Float64Array(400).fill(3) };
    expect(learnIntervals(alike, same).sizes).toHaveLength(1);
  });

  test('between two sizes pass from one to the other, and stay beyond the ends', () => {
    const table: IntervalRatios = {
      kind: 'ratios',
      sizes: [10, 1000],
      low: [0, 0.5],
      middle: [1, 1],
      high: [2, 4],
    };
    const { p10, p90 } = applyIntervals(table, Float64Array.of(0, 1, 100, 5000), null);
    const expected = { p10: [0, 0, 25, 2500], p90: [0, 2, 300, 20_000] };
    expected.p10.forEach((value, row) => {
      expect(p10[row]).toBeCloseTo(value, 9);
      expect(p90[row]).toBeCloseTo(expected.p90[row], 9);
    });
  });
});

/**
 * Customers whose purchases are Poisson around a rate of their own, each worth gamma(2) around a value of their own; what
 * is forecast of them strays from the truth.
 *
 * @param busy how many times as many purchases all of them make as usual.
 */
function shoppers(count: number, seed: number, busy = 1) {
  const random = new Random(seed);
  const each = (draw: () => number): Float64Array => Float64Array.from({ length: count }, draw);
  const rates = each(() => busy * Math.exp(0.5 * random.normal()));
  const values = each(() => Math.exp(3 + random.normal()));
  const predicted = rates.map((rate, i) => rate * values[i] * Math.exp(0.1 * random.normal()));
  const actual = rates.map((rate, i) => {
    let purchases = 0;
    for (let at = exponential(random); at < rate; at += exponential(random)) purchases++;
    return purchases === 0 ? 0 : (values[i] * gamma(random, 2 * purchases)) / 2;
  });
  const moments = Array.from(rates, logMomentsOf);
  const distributions: RevenueDistributions = {
    pPurchase: rates.map((rate) => -Math.expm1(-rate)),
    logMean: values.map((value, i) => Math.log(value / 2) + moments[i].mean),
    logDeviation: values.map((_, i) => moments[i].deviation),
    expected: rates.map((rate, i) => rate * values[i]),
  };
  return { predicted, actual, distributions };
}

/** Of the logarithm of gamma(2 n), n from 1 on Poisson around `rate`. */
function logMomentsOf(rate: number) {
  let [probability, all, mean, square] = [1, 0, 0, 0];
  for (let n = 1; n < 20 + 5 * rate; n++) {
    probability *= rate / n;
    all += probability;
    mean += probability * digamma(2 * n);
    square += probability * (digamma(2 * n) ** 2 + trigamma(2 * n));
  }
  return { mean: mean / all, deviation: Math.sqrt(square / all - (mean / all) ** 2) };
}

describe('intervals from predictive distributions', () => {
  const learned = (busy = 1) => {
    const origin = shoppers(8000, 11, busy);
    return learnIntervals(origin, { distributions: origin.distributions, windowRatio: 1 });
  };
  const within = (
    intervals: ReturnType<typeof learned>,
    { actual, predicted, distributions }: ReturnType<typeof shoppers>,
  ) => shareWithin(actual, applyIntervals(intervals, predicted, distributions));

  test.each([0.5, 1, 3])('hold four fifths of other customers who buy %f times as often', (busy) => {
    const found = within(learned(busy), shoppers(8000, 12, busy));
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  test('learned in quiet months hold nearly as many in busy ones, ratios do not', () => {
    const busy = shoppers(8000, 13, 3);
    const origin = shoppers(8000, 11);
    expect(Math.abs(within(learned(), busy) - 0.8)).toBeLessThan(0.04);
    const ratios = learnIntervals(origin, { distributions: null, windowRatio: 3 });
    expect(
      Math.abs(shareWithin(busy.actual, applyIntervals(ratios, busy.predicted, null)) - 0.8),
    ).toBeGreaterThan(0.04);
  });

  test('are the same in whatever unit amounts are', () => {
    const { predicted, actual, distributions } = shoppers(1000, 15);
    const scaled = (values: Float64Array) => values.map((value) => value / 1024);
    const logMean = distributions.logMean.map((value) => value - Math.log(1024));
    const tiny = { ...distributions, logMean, expected: scaled(distributions.expected) };
    const learn = (origin: UnseenForecast, of: RevenueDistributions) =>
      learnIntervals(origin, { distributions: of, windowRatio: 1 }) as IntervalLevels;
    const [usual, other] = [
      learn({ predicted, actual }, distributions),
      learn({ predicted: scaled(predicted), actual: scaled(actual) }, tiny),
    ];
    for (const bound of ['low', 'middle', 'high', 'highFromZero', 'highOfIdle'] as const)
      other[bound].forEach((level, group) => {
        expect(level, bound).toBeCloseTo(usual[bound][group], 9);
      });
  });

  test('are ordered and finite, and 0 where nothing is forecast', () => {
    const { predicted, distributions } = shoppers(2000, 14);
    predicted[0] = 0;
    predicted[1] = 1e-300;
    predicted[2] = 1e12;
    const { p10, p50, p90 } = applyIntervals(learned(), predicted, distributions);
    p10.forEach((low, row) => {
      expect(low).toBeGreaterThanOrEqual(0);
      expect(p50[row]).toBeGreaterThanOrEqual(low);
      expect(p90[row]).toBeGreaterThanOrEqual(p50[row]);
      expect(Number.isFinite(p90[row])).toBe(true);
    });
    expect([p10[0], p50[0], p90[0]]).toEqual([0, 0, 0]);
  });

  test('lie no higher than a mean allows, however wide a distribution is', () => {
    const origin = shoppers(2000, 16);
    const wide = {
      ...origin.distributions,
      logDeviation: origin.distributions.logDeviation.map((deviation) => 20 * deviation),
    };
    const intervals = learnIntervals(origin, { distributions: wide, windowRatio: 1 });
    const { p50, p90 } = applyIntervals(intervals, origin.predicted, wide);
    // Half of the customers may spend twice the mean or more, but not three times; a tenth ten times, but not twenty.
    origin.predicted.forEach((forecast, row) => {
      expect(p50[row]).toBeLessThan(3 * forecast);
      expect(p90[row]).toBeLessThan(20 * forecast);
    });
  });

  test('of customers who all spent the same are no narrower than their distribution lets one believe', () => {
    const each = (value: number): Float64Array => new Float64Array(300).fill(value);
    const distributions = {
      pPurchase: each(1),
      logMean: each(4),
      logDeviation: each(0.3),
      expected: each(57),
    };
    const intervals = learnIntervals(
      { predicted: each(57), actual: each(60) },
      { distributions, windowRatio: 1 },
    );
    // The next ones pay the same, and somewhat more or less is forecast of them.
    const forecasts = each(0).map((_, row) => 58 + row / 75);
    expect(shareWithin(each(60), applyIntervals(intervals, forecasts, distributions))).toBe(1);
  });

  test('can be learned from one customer, and say nothing without a distribution', () => {
    const one = shoppers(1, 15, 9);
    const intervals = learnIntervals(one, { distributions: one.distributions, windowRatio: 1 });
    expect(applyIntervals(intervals, one.predicted, one.distributions).p90[0]).toBeGreaterThan(0);
    expect(applyIntervals(intervals, one.predicted, null).p90[0]).toBeNaN();
  });
});

describe('the distribution around a forecast', () => {
  const distributions: RevenueDistributions = {
    pPurchase: Float64Array.of(0.3, 1, 0),
    logMean: Float64Array.of(4, 5, 4),
    logDeviation: Float64Array.of(0.9, 0.1, 0.9),
    expected: Float64Array.of(25, 150, 0),
  };

  test('is that of the purchase model where both expect the same', () => {
    const distribution = distributionAround(distributions, 0, 25);
    expect(distribution.pNone).toBeCloseTo(0.7, 12);
    expect(distribution.location).toBeCloseTo(4, 12);
    expect(distribution.scale).toBeCloseTo((0.9 * Math.sqrt(3)) / Math.PI, 12);
  });

  test('has its mean as many times as large as the forecast, most of it by more purchases', () => {
    const mean = ({ pNone, location }: ReturnType<typeof distributionAround>) =>
      (1 - pNone) * Math.exp(location);
    for (const times of [0.01, 0.5, 2, 10]) {
      const distribution = distributionAround(distributions, 0, 25 * times);
      expect(mean(distribution) / mean(distributionAround(distributions, 0, 25))).toBeCloseTo(times, 9);
      expect(distribution.pNone).toBeCloseTo(0.7 ** times, 9);
    }
    expect(distributionAround(distributions, 1, 15).pNone).toBe(0);
    expect(Object.values(distributionAround(distributions, 2, 10)).every(Number.isFinite)).toBe(true);
  });

  test('says the same of a level and of its revenue', () => {
    const distribution = distributionAround(distributions, 0, 40);
    for (const level of [0.6, 0.8, 0.9, 0.99])
      expect(cumulativeProbability(distribution, quantile(distribution, level))).toBeCloseTo(level, 12);
    expect(quantile(distribution, distribution.pNone)).toBe(0);
    expect(cumulativeProbability(distribution, 1e-300)).toBeCloseTo(distribution.pNone, 9);
  });
});
