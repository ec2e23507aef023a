import { describe, expect, test } from 'vitest';
import type { UnseenForecast } from '../../../src/domain/forecast/combination/unseenForecast.ts';
import { boundsOfTotal, learnTotalSpread } from '../../../src/domain/forecast/intervals/totalSpread.ts';
import { Random } from '../../../src/domain/random.ts';

const NO_BOUNDS = { p10: new Float64Array(), p90: new Float64Array() };
const A_YEAR = { months: 12, season: null };

/** Customers of whom 100 each is forecast; they come with 100 of them, all `ratio` times as much, or nothing. */
function origin(customers: number, ratio: number, shareBuying = 1): UnseenForecast {
  const buyers = Math.round(customers * shareBuying);
  return {
    predicted: new Float64Array(customers).fill(100),
    actual: Float64Array.from({ length: customers }, (_, i) =>
      i < buyers ? (100 * ratio) / shareBuying : 0,
    ),
  };
}

/** The half of the width of the bounds of a total, in logarithms. */
function reachOf(unseen: readonly UnseenForecast[], total = 1e6, calibration = 1, windows = A_YEAR): number {
  const spread = learnTotalSpread(unseen, windows, calibration);
  if (spread === null) throw new Error('nothing was learned');
  const bounds = boundsOfTotal(spread, new Float64Array(1000).fill(total / 1000), NO_BOUNDS);
  if (bounds === null) throw new Error('there are no bounds');
  expect(bounds.p10 * bounds.p90).toBeCloseTo(total ** 2, -4);
  return Math.log(bounds.p90 / total);
}

describe('by how much totals may be missed', () => {
  test('grows with how they were missed before, and is never nothing', () => {
    const hit = reachOf([origin(1000, 1), origin(1000, 1), origin(1000, 1)]);
    const missed = reachOf([origin(1000, 1.1), origin(1000, 0.9), origin(1000, 1.1)]);
    const farMissed = reachOf([origin(1000, 1.4), origin(1000, 0.7), origin(1000, 1.4)]);
    // Half of the variance is the usual one, a twentieth squared: 1.28 * sqrt(0.5) * 0.05.
    expect(hit).toBeCloseTo(0.0453, 4);
    expect(missed).toBeGreaterThan(1.4 * hit);
    expect(farMissed).toBeGreaterThan(2 * missed);
  });

  test('leaves out what the correction mends', () => {
    const biased = [origin(1000, 1.2), origin(1000, 1.2), origin(1000, 1.2)];
    expect(reachOf(biased, 1e6, 1.2)).toBeLessThan(reachOf(biased) / 2);
  });

  test('is the more, the fewer customers there are, who are each on their own', () => {
    const lucky = [origin(2000, 1, 0.1), origin(2000, 1, 0.1)];
    const [few, many] = [reachOf(lucky, 1e4), reachOf(lucky, 1e8)];
    expect(few).toBeGreaterThan(3 * many);
  });

  test('is the more where a part of the year was never seen and no season is known', () => {
    const seen = [origin(1000, 1), origin(1000, 1)];
    const season = { anchor: '2026-01-01', index: new Array<number>(12).fill(1), shift: null };
    const half = reachOf(seen, 1e6, 1, { months: 6, season: null });
    expect(half).toBeGreaterThan(3 * reachOf(seen));
    expect(reachOf(seen, 1e6, 1, { months: 6, season } as never)).toBe(reachOf(seen));
  });

  test('is the more, the more customers have changed how often they order', () => {
    const seen = [origin(1000, 1), origin(1000, 1)];
    const reachAfter = (factor: number): number => {
      const shift = { from: '2025-10-01', until: null, factor };
      const season = { anchor: '2026-01-01', index: new Array<number>(12).fill(1), shift };
      return reachOf(seen, 1e6, 1, { months: 6, season } as never);
    };
    expect(reachAfter(0.5)).toBeCloseTo(reachAfter(2), 12);
    expect(reachAfter(2)).toBeGreaterThan(2 * reachOf(seen));
    expect(reachAfter(4)).toBeGreaterThan(1.5 * reachAfter(2));
  });

  test('holds four totals of five where windows vary as usual, and fewer where they vary more than three can tell', () => {
    const random = new Random(7);
    const shareHeld = (deviation: number): number => {
      const window = () => origin(100, Math.exp(deviation * random.normal()));
      const rounds = 2000;
      let held = 0;
      for (let round = 0; round < rounds; round++)
        if (Math.abs(deviation * random.normal()) <= reachOf([window(), window(), window()])) held++;
      return held / rounds;
    };
    expect(shareHeld(0.05)).toBeGreaterThan(0.75);
    expect(shareHeld(0.05)).toBeLessThan(0.83);
    expect(shareHeld(0.12)).toBeGreaterThan(0.58);
  });

  test('is not known without a past in which something was forecast and came', () => {
    expect(learnTotalSpread([], A_YEAR, 1)).toBeNull();
    expect(learnTotalSpread([origin(10, 0)], A_YEAR, 1)).toBeNull();
  });

  test('is of nothing where nothing is expected', () => {
    const spread = { together: 0.01, dispersion: 5 };
    expect(boundsOfTotal(spread, new Float64Array(3), NO_BOUNDS)).toBeNull();
    expect(boundsOfTotal(spread, new Float64Array(), NO_BOUNDS)).toBeNull();
  });

  test('takes an outlier as its own interval does', () => {
    const spread = { together: 0, dispersion: 1 };
    const predicted = new Float64Array(1000).fill(1).with(0, 5000);
    const bound = (value: number) => new Float64Array(1000).with(0, value);
    const wide = boundsOfTotal(spread, predicted, { p10: bound(1000), p90: bound(12_000) });
    const narrow = boundsOfTotal(spread, predicted, { p10: bound(4900), p90: bound(5100) });
    expect(wide?.p90).toBeGreaterThan(11_000);
    expect(narrow?.p90).toBeLessThan(6150);
    expect(boundsOfTotal(spread, predicted, { p10: bound(Number.NaN), p90: bound(1) })).toBeNull();
  });
});
