import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/domain/random.ts';
import { erlangOfMeanOne, exponential, gamma, poisson } from '../../../src/domain/sample/distributions.ts';

const DRAWS = 200_000;

/** Mean and variance of many draws, and the standard error of the mean. */
function moments(draw: (random: Random) => number): { mean: number; variance: number; error: number } {
  const random = new Random(11);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < DRAWS; i++) {
    const value = draw(random);
    sum += value;
    squares += value * value;
  }
  const mean = sum / DRAWS;
  const variance = squares / DRAWS - mean * mean;
  return { mean, variance, error: Math.sqrt(variance / DRAWS) };
}

describe('the distributions of the practice shop', () => {
  test.each([0.6, 0.8, 1, 4, 8])('gamma of shape %d has that mean and that variance', (shape) => {
    const { mean, variance, error } = moments((random) => gamma(random, shape));
    expect(Math.abs(mean - shape)).toBeLessThan(4 * error);
    expect(variance / shape).toBeCloseTo(1, 1);
  });

  test('an exponential number has mean and variance 1', () => {
    const { mean, variance, error } = moments(exponential);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
    expect(variance).toBeCloseTo(1, 1);
  });

  test('an Erlang number of mean 1 has variance 1 over its shape', () => {
    const { mean, variance, error } = moments((random) => erlangOfMeanOne(random, 3));
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
    expect(variance * 3).toBeCloseTo(1, 1);
  });

  test.each([0.02, 0.7, 30])('a Poisson count of mean %d has that mean and that variance', (expected) => {
    const { mean, variance, error } = moments((random) => poisson(random, expected));
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
    expect(variance / expected).toBeCloseTo(1, 1);
  });

  test('a Poisson count of mean zero is zero', () => {
    expect(moments((random) => poisson(random, 0)).mean).toBe(0);
  });
});
