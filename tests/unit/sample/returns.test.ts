import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/domain/random.ts';
import {
  drawReturnDelay,
  drawReturnedCents,
  expectedPendingReturn,
  expectedReturn,
  RETURN_DELAY_DAYS,
  RETURN_SHARE,
} from '../../../src/domain/sample/returns.ts';

const DRAWS = 400_000;
const ORDER_CENTS = 10_000;

/** Days until the return and the share returned, for many orders; no delay where nothing comes back. */
function simulateOrders(): { delay: number; part: number }[] {
  const random = new Random(5);
  return Array.from({ length: DRAWS }, () =>
    random.uniform() < RETURN_SHARE
      ? { delay: drawReturnDelay(random), part: drawReturnedCents(random, ORDER_CENTS) / ORDER_CENTS }
      : { delay: Number.POSITIVE_INFINITY, part: 0 },
  );
}

function meanAndError(values: number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, error: Math.sqrt(variance / values.length) };
}

describe('returns', () => {
  const orders = simulateOrders();

  test('come back within the shortest and the longest delay', () => {
    const delays = new Set(orders.map((order) => order.delay).filter(Number.isFinite));
    expect(Math.min(...delays)).toBe(RETURN_DELAY_DAYS[0]);
    expect(Math.max(...delays)).toBe(RETURN_DELAY_DAYS[1]);
  });

  test('give back at least one cent and at most the order', () => {
    const random = new Random(3);
    for (let i = 0; i < 1000; i++) {
      expect(drawReturnedCents(random, 1)).toBe(1);
      const cents = drawReturnedCents(random, 2);
      expect(cents === 1 || cents === 2).toBe(true);
    }
  });

  test.each([1, 3, 10, 30, 46, 400])('are expected to come within %d days as often as they do', (days) => {
    const { mean, error } = meanAndError(orders.map(({ delay, part }) => (delay < days ? part : 0)));
    expect(Math.abs(mean - expectedReturn(days))).toBeLessThanOrEqual(4 * error);
  });

  test.each([
    [1, 180],
    [10, 5],
    [20, 180],
    [44, 30],
    [46, 30],
  ])('of an order %d days old are expected in the next %d days as often as they come', (age, window) => {
    const waiting = orders.filter(({ delay }) => delay >= age);
    const { mean, error } = meanAndError(waiting.map(({ delay, part }) => (delay < age + window ? part : 0)));
    expect(Math.abs(mean - expectedPendingReturn(age, window))).toBeLessThanOrEqual(4 * error);
  });
});
