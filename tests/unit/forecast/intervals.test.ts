import { describe, expect, test } from 'vitest';
import { applyIntervals } from '../../../src/domain/forecast/intervals.ts';
import { learnIntervals } from '../../../src/domain/forecast/learnIntervals.ts';
import { Random } from '../../../src/domain/random.ts';

/** Customers who buy with probability `buys`, and then around their forecast, which is `bias` times too low. */
function customers(count: number, buys: number, seed: number, bias = 1) {
  const random = new Random(seed);
  const predicted = Float64Array.from({ length: count }, () => Math.exp(2 + 1.5 * random.normal()));
  const actual = predicted.map((value) =>
    random.uniform() < buys ? bias * (value / buys) * Math.exp(0.7 * random.normal() - 0.245) : 0,
  );
  return { predicted, actual };
}

function coverage(
  { actual }: { actual: Float64Array },
  { p10, p90 }: { p10: Float64Array; p90: Float64Array },
): number {
  return (
    actual.reduce((sum, value, row) => sum + (value >= p10[row] && value <= p90[row] ? 1 : 0), 0) /
    actual.length
  );
}

describe('intervals learned at one origin', () => {
  test.each([1, 0.95, 0.7, 0.4])('hold four fifths of other customers of whom %f buy', (buys) => {
    const table = learnIntervals(customers(8000, buys, 1), 1);
    const later = customers(8000, buys, 2);
    const found = coverage(later, applyIntervals(table, later.predicted));
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  test('do not take a total that was missed as a whole for the spread of customers', () => {
    const table = learnIntervals(customers(8000, 0.9, 1, 1.4), 1);
    const later = customers(8000, 0.9, 2);
    const found = coverage(later, applyIntervals(table, later.predicted));
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  test('are ordered, and 0 where four fifths buy nothing', () => {
    const table = learnIntervals(customers(4000, 0.05, 3), 1);
    const { p10, p50, p90 } = applyIntervals(table, customers(500, 0.05, 4).predicted);
    p10.forEach((low, row) => {
      expect(low).toBeLessThanOrEqual(p50[row]);
      expect(p50[row]).toBeLessThanOrEqual(p90[row]);
      expect(p90[row]).toBe(0);
    });
  });

  test('of a longer window belong to sizes that are as much larger', () => {
    const origin = customers(2000, 0.8, 5);
    const [short, long] = [learnIntervals(origin, 1), learnIntervals(origin, 2)];
    expect(long.sizes).toEqual(short.sizes.map((size) => 2 * size));
    expect(long.high).toEqual(short.high);
  });

  test('can be learned from one customer, and from forecasts that are all the same', () => {
    expect(learnIntervals({ predicted: Float64Array.of(5), actual: Float64Array.of(10) }, 1)).toEqual({
      sizes: [10],
      low: [1],
      middle: [1],
      high: [1],
    });
    const same = { predicted: new Float64Array(400).fill(3), actual: new Float64Array(400).fill(3) };
    expect(learnIntervals(same, 1).sizes).toHaveLength(1);
  });

  test('between two sizes pass from one to the other, and stay beyond the ends', () => {
    const table = { sizes: [10, 1000], low: [0, 0.5], middle: [1, 1], high: [2, 4] };
    const { p10, p90 } = applyIntervals(table, Float64Array.of(0, 1, 100, 5000));
    const expected = { p10: [0, 0, 25, 2500], p90: [0, 2, 300, 20_000] };
    expected.p10.forEach((value, row) => {
      expect(p10[row]).toBeCloseTo(value, 9);
      expect(p90[row]).toBeCloseTo(expected.p90[row], 9);
    });
  });
});
