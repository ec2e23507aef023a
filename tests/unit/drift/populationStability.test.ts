import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describePopulation, measureStability } from '../../../src/domain/drift/populationStability.ts';
import { Random } from '../../../src/domain/random.ts';

/** Values as features have them: many zeros, some missing, the rest of any sign. */
const value = fc.oneof(
  fc.constant(0),
  fc.constant(Number.NaN),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);
const sample = fc.array(value, { minLength: 1, maxLength: 400 }).map((list) => Float64Array.from(list));

const psiOf = (training: Float64Array, run: Float64Array): number =>
  measureStability('x', describePopulation(training), run).psi;

/** Spread evenly over (0, 1], so that every tenth holds a tenth. */
const even = (rows: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => (i + 1) / rows);

describe('the index', () => {
  test('of the same sample is zero, whatever it holds', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const { psi, level, movedMost } = measureStability('x', describePopulation(values), values);
        expect([psi, level, movedMost]).toEqual([0, 'stable', null]);
      }),
    );
  });

  test('is finite and not negative between any two samples', () => {
    fc.assert(
      fc.property(sample, sample, (training, run) => {
        const psi = psiOf(training, run);
        expect(Number.isFinite(psi)).toBe(true);
        expect(psi).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('does not look at the order of rows', () => {
    fc.assert(
      fc.property(sample, sample, (training, run) => {
        expect(psiOf(training.toReversed(), run.toReversed())).toBe(psiOf(training, run));
      }),
    );
  });

  test('rises with the size of a shift', () => {
    const random = new Random(7);
    const training = Float64Array.from({ length: 5000 }, () => random.below(1e6) + random.below(1e6));
    const shifted = [0.05, 0.2, 0.5, 1].map((by) =>
      psiOf(
        training,
        training.map((it) => it + by * 1e6),
      ),
    );
    expect(shifted).toEqual(shifted.toSorted((a, b) => a - b));
    expect(shifted[0]).toBeGreaterThan(0);
    expect(shifted.at(-1)).toBeGreaterThan(0.25);
  });

  test('of shares that are known is what the formula gives', () => {
    // Ten ranges of 10 % each become 15 % five times and 5 % five times; the smoothing is negligible for a million rows.
    const run = Float64Array.from({ length: 1_000_000 }, (_, i) => {
      const u = (i + 1) / 1_000_000;
      return u <= 0.75 ? (u / 0.75) * 0.5 : 0.5 + ((u - 0.75) / 0.25) * 0.5;
    });
    const wanted = 5 * (0.05 * Math.log(1.5)) + 5 * (-0.05 * Math.log(0.5));
    expect(psiOf(even(1_000_000), run)).toBeCloseTo(wanted, 4);
  });

  test('of few rows counts half a row more in each bucket', () => {
    // Ten ranges of 2 of 20 rows; all 10 rows of the run are in the last: 10.5 of 15 there, 0.5 of 15 in the others.
    const result = measureStability('x', describePopulation(even(20)), new Float64Array(10).fill(1));
    expect(result.psi).toBeCloseTo(0.6 * Math.log(7) + 9 * (1 / 30 - 0.1) * Math.log(1 / 3), 12);
    expect(result.expectedByChance).toBeCloseTo(9 * (1 / 20 + 1 / 10), 12);
  });

  test.each([
    [0.1, 'moderate'],
    [0.25, 'large'],
  ])('is named from the mark %s on: %s', (mark, level) => {
    const training = even(1000);
    // More and more rows go from the lower half into the highest tenth, until the mark is passed.
    for (let moved = 0; ; moved += 10) {
      const run = training.map((it, i) => (i < moved ? 0.99 : it));
      const result = measureStability('x', describePopulation(training), run);
      expect(result.level === level || result.psi < mark).toBe(true);
      if (result.psi >= mark) break;
    }
  });
});

describe('buckets', () => {
  test('hold missing values and zeros apart, and a tenth of the others each', () => {
    const values = Float64Array.from([
      ...even(100),
      ...new Array(40).fill(0),
      ...new Array(20).fill(Number.NaN),
    ]);
    const { edges, counts } = describePopulation(values);
    expect(edges).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    expect(counts).toEqual([20, 40, ...new Array(10).fill(10)]);
  });

  test('are fewer where values repeat, and none is empty', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 200 }), (list) => {
        const { edges, counts } = describePopulation(Float64Array.from(list));
        expect(counts.length).toBe(edges.length + 3);
        expect(counts.slice(2).every((count) => count > 0)).toBe(true);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(list.length);
      }),
    );
  });

  test('that nobody was in at the training make a large index, not an infinite one', () => {
    const training = even(1000);
    const run = training.map((it, i) => (i % 2 === 0 ? Number.NaN : it));
    const { psi, level, movedMost } = measureStability('x', describePopulation(training), run);
    expect(Number.isFinite(psi)).toBe(true);
    expect(level).toBe('large');
    expect(movedMost).toEqual({ bucket: 'missing', trainingShare: 0, runShare: 0.5 });
  });
});

test('what chance makes of the index is told, and is about what two samples of one population show', () => {
  const random = new Random(11);
  const draw = (rows: number) => Float64Array.from({ length: rows }, () => random.below(1e6));
  let sum = 0;
  let expected = 0;
  for (let i = 0; i < 200; i++) {
    const result = measureStability('x', describePopulation(draw(500)), draw(500));
    sum += result.psi;
    expected += result.expectedByChance;
  }
  expect(sum / expected).toBeGreaterThan(0.7);
  expect(sum / expected).toBeLessThan(1.3);
});
