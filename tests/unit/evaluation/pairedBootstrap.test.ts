import { expect, test } from 'vitest';
import {
  resampleDifferences,
  squaredErrors,
  summariseResamples,
} from '../../../src/domain/evaluation/pairedBootstrap.ts';
import { Random } from '../../../src/domain/random.ts';

const random = new Random(7);
const actual = Float64Array.from({ length: 400 }, () => 100 * random.uniform());
const errors = (spread: number) =>
  squaredErrors(
    actual.map((value) => value + spread * random.normal()),
    actual,
  );
const RESAMPLES = 400;

test('resamples are the same however they are cut into slices', () => {
  const [a, b] = [errors(10), errors(12)];
  const whole = resampleDifferences(a, b, { seed: 1, from: 0, to: 20 });
  const slices = [0, 5, 13].map((from, i) =>
    resampleDifferences(a, b, { seed: 1, from, to: [5, 13, 20][i] }),
  );
  expect(slices.flatMap((slice) => [...slice])).toEqual([...whole]);
});

test('a forecast that is clearly better has an interval below zero', () => {
  const [a, b] = [errors(5), errors(20)];
  const found = summariseResamples(a, b, resampleDifferences(a, b, { seed: 1, from: 0, to: RESAMPLES }));
  expect(found.rmseDifference).toBeCloseTo(
    Math.sqrt(a.reduce((x, y) => x + y) / 400) - Math.sqrt(b.reduce((x, y) => x + y) / 400),
    10,
  );
  expect(found.interval[1]).toBeLessThan(0);
  expect(found.shareFirstBetter).toBe(1);
});

test('the same forecast twice differs by nothing, in every resample', () => {
  const a = errors(10);
  const found = summariseResamples(a, a, resampleDifferences(a, a, { seed: 1, from: 0, to: RESAMPLES }));
  expect(found).toEqual({ rmseDifference: 0, interval: [0, 0], shareFirstBetter: 0 });
});

test('resamples of an even, an odd and a single number of customers spread as those of customers drawn one by one', () => {
  const drawnOneByOne = (first: Float64Array, second: Float64Array): Float64Array =>
    Float64Array.from({ length: 4000 }, () => {
      const drawn = Array.from(first, () => random.below(first.length));
      const rootOf = (errors: Float64Array): number =>
        Math.sqrt(drawn.reduce((sum, customer) => sum + errors[customer], 0) / drawn.length);
      return rootOf(first) - rootOf(second);
    });
  for (const customers of [400, 399]) {
    const [a, b] = [errors(10).subarray(0, customers), errors(12).subarray(0, customers)];
    const [found, plain] = [
      resampleDifferences(a, b, { seed: 1, from: 0, to: 4000 }),
      drawnOneByOne(a, b),
    ].map((differences) => summariseResamples(a, b, differences).interval);
    const width = plain[1] - plain[0];
    expect(Math.abs(found[0] - plain[0]) / width).toBeLessThan(0.05);
    expect(Math.abs(found[1] - plain[1]) / width).toBeLessThan(0.05);
  }
  const alone = resampleDifferences(Float64Array.of(9), Float64Array.of(4), { seed: 1, from: 0, to: 50 });
  expect(new Set(alone)).toEqual(new Set([1]));
});

test('the interval is linear between the nearest of the sorted differences', () => {
  const differences = Float64Array.from({ length: 21 }, (_, i) => (8 * i) % 21);
  const found = summariseResamples(Float64Array.of(4, 14), Float64Array.of(1, 7), differences);
  expect(found).toEqual({ rmseDifference: 1, interval: [0.5, 19.5], shareFirstBetter: 0 });
});

test('no customers are an error, and not a draw without end', () => {
  const nobody = new Float64Array(0);
  expect(() => resampleDifferences(nobody, nobody, { seed: 1, from: 0, to: 1 })).toThrow('no customer');
});
