import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeBoostingParams } from '../../../src/domain/boosting/boostingParams.ts';
import { growBooster } from '../../../src/domain/boosting/growBooster.ts';
import { predictBoosterRows } from '../../../src/domain/boosting/predictBooster.ts';
import { allocateMatrix, type FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { naiveRateForecast } from '../../../src/domain/forecast/contenders/naiveRate.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { Random } from '../../../src/domain/random.ts';
import {
  type FittedTarget,
  fitTarget,
  fromLearned,
  type LearnedTarget,
  smearTarget,
  type TargetForm,
  toLearned,
} from '../../../src/domain/targets/targetForm.ts';

const forms: readonly TargetForm[] = [
  { kind: 'identity' },
  { kind: 'residual' },
  { kind: 'ratio' },
  { kind: 'ratio', floorQuantile: 0.5, weightPower: 1 },
  { kind: 'log1p' },
  { kind: 'winsorised', quantile: 1 },
];

describe('a target form', () => {
  test('gives the target back, also after its way through JSON', () => {
    const pairs = fc.array(
      fc.record({
        target: fc.double({ min: 0, max: 1e6, noNaN: true }),
        base: fc.double({ min: -1e3, max: 1e6, noNaN: true }),
      }),
      { minLength: 1, maxLength: 50 },
    );
    fc.assert(
      fc.property(pairs, fc.constantFrom(...forms), (rows, form) => {
        const target = Float64Array.from(rows, (row) => row.target);
        const base = Float64Array.from(rows, (row) => row.base);
        const fitted: FittedTarget = JSON.parse(JSON.stringify(fitTarget(form, target, base)));
        const back = fromLearned(fitted, toLearned(fitted, target, base).target, base);
        back.forEach((value, row) => {
          expect(Math.abs(value - target[row])).toBeLessThanOrEqual(
            1e-9 * Math.max(1, target[row], Math.abs(base[row])),
          );
        });
      }),
    );
  });

  test('weighs ratios so that their squared errors are those of the target', () => {
    const base = Float64Array.of(0.001, 2, 50, 1000, -3);
    const target = Float64Array.of(5, 1, 70, 900, 2);
    const fitted = fitTarget({ kind: 'ratio', floorQuantile: 0.5 }, target, base);
    expect(fitted).toEqual({ kind: 'ratio', floor: 2, weightPower: 2 });
    const learned = toLearned(fitted, target, base);
    const guess = Float64Array.of(1, 0.5, 1.2, 0.8, 2);
    const predicted = fromLearned(fitted, guess, base);
    guess.forEach((ratio, row) => {
      const weighted = learned.weights![row] * (learned.target[row] - ratio) ** 2;
      expect(weighted).toBeCloseTo((target[row] - predicted[row]) ** 2, 9);
    });
  });

  test('weighs rows by the power of the base that is asked for, and not at all at 0', () => {
    const base = Float64Array.of(1, 9, 25);
    const target = Float64Array.of(1, 2, 3);
    const weightsAt = (weightPower: number): number[] | undefined => {
      const { weights } = toLearned({ kind: 'ratio', floor: 4, weightPower }, target, base);
      return weights && [...weights];
    };
    expect(weightsAt(0.5)).toEqual([2, 3, 5]);
    expect(weightsAt(1)).toEqual([4, 9, 25]);
    expect(weightsAt(0)).toBeUndefined();
  });

  test('cuts at the least value that the share asked for lies at or below', () => {
    const capAt = (quantile: number) =>
      fitTarget({ kind: 'winsorised', quantile }, Float64Array.of(3, 1, 2, 5, 4));
    expect(capAt(0.5)).toMatchObject({ cap: 3, cappedRows: 2 });
    expect(capAt(0.6)).toMatchObject({ cap: 3, cappedRows: 2 });
    expect(capAt(0.61)).toMatchObject({ cap: 4, cappedRows: 1 });
  });

  test('smears logarithms back to the mean', () => {
    const random = new Random(4);
    const target = Float64Array.from({ length: 20_000 }, () => Math.exp(3 + random.normal()));
    const fitted = fitTarget({ kind: 'log1p' }, target);
    const { target: learned } = toLearned(fitted, target);
    const meanOf = (values: Float64Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const guess = new Float64Array(target.length).fill(meanOf(learned));
    const mean = meanOf(target);
    expect(fromLearned(fitted, guess)[0]).toBeLessThan(0.75 * mean);
    expect(fromLearned(smearTarget(fitted, learned, guess), guess)[0]).toBeCloseTo(mean, 8);
    expect(smearTarget({ kind: 'identity' }, learned, guess)).toEqual({ kind: 'identity' });
  });

  test('caps the largest and tells how much that cut', () => {
    const target = Float64Array.from({ length: 100 }, (_, row) => (row === 7 ? 1000 : row));
    const fitted = fitTarget({ kind: 'winsorised', quantile: 0.99 }, target);
    const sum = target.reduce((all, value) => all + value, 0);
    expect(fitted).toEqual({
      kind: 'winsorised',
      quantile: 0.99,
      cap: 99,
      cappedRows: 1,
      cappedShare: (1000 - 99) / sum,
    });
    expect(Math.max(...toLearned(fitted, target).target)).toBe(99);
    const inCents = Float64Array.of(0.01, 0.02, 0.05);
    expect(fitTarget({ kind: 'winsorised', quantile: 0.6 }, inCents)).toMatchObject({
      cap: 0.02,
      cappedShare: expect.closeTo(3 / 8, 12),
    });
    // Of returns that outweigh what was bought nothing was cut that could be told as a share.
    const returned = Float64Array.of(-9, 1, 2);
    expect(fitTarget({ kind: 'winsorised', quantile: 0.6 }, returned)).toMatchObject({
      cap: 1,
      cappedShare: 0,
    });
    expect(fitTarget({ kind: 'winsorised', quantile: 0.6 }, Float64Array.of(5))).toMatchObject({ cap: 5 });
  });

  test('refuses what it cannot be made of', () => {
    const target = Float64Array.of(1, -2);
    expect(fitTarget({ kind: 'log1p' }, Float64Array.of(1, 0))).toEqual({ kind: 'log1p', smearing: 1 });
    expect(() => fitTarget({ kind: 'log1p' }, target)).toThrow(/row 1 is -2/);
    expect(() => fitTarget({ kind: 'ratio' }, target)).toThrow(/base forecast of 2 rows; it has none/);
    expect(() => fitTarget({ kind: 'residual' }, target, Float64Array.of(1))).toThrow(/it has 1/);
    expect(() => fitTarget({ kind: 'residual' }, target, Float64Array.of(1, Number.NaN))).toThrow(
      /row 1 is NaN/,
    );
    expect(() => fitTarget({ kind: 'winsorised', quantile: 99 }, target)).toThrow(/quantile is 99/);
    expect(() => fitTarget({ kind: 'ratio', weightPower: 3 }, target, target)).toThrow(/weightPower is 3/);
    expect(() => smearTarget({ kind: 'log1p', smearing: 1 }, target, new Float64Array(1))).toThrow(
      /1 predictions for 2/,
    );
  });
});

describe('beyond the largest target seen', () => {
  const windows = { historyMonths: 12, predMonths: 6 };
  const rows = 600;

  /** Who spent `revenue` in the history spends at the same rate, a fifth more where the second feature is 1. */
  function plantedShop(lowest: number, highest: number): { matrix: FeatureMatrix; target: Float64Array } {
    const random = new Random(6);
    const matrix = allocateMatrix(['revenue_sum', 'grows'], rows);
    const target = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const revenue = lowest + (highest - lowest) * random.uniform();
      const grows = random.below(2);
      matrix.values.set([revenue], row);
      matrix.values.set([grows], rows + row);
      target[row] = (revenue / 12) * 6 * (1 + 0.2 * grows);
    }
    return { matrix, target };
  }

  const train = plantedShop(10, 100);
  const later = plantedShop(500, 1000);
  const largest = Math.max(...train.target);

  function forecast(
    form: TargetForm,
    learn: (learned: LearnedTarget) => (matrix: FeatureMatrix, out: Float64Array) => void,
  ): Float64Array {
    const base = naiveRateForecast(train.matrix, windows);
    const fitted = fitTarget(form, train.target, base);
    const predicted = new Float64Array(rows);
    learn(toLearned(fitted, train.target, base))(later.matrix, predicted);
    return fromLearned(fitted, predicted, naiveRateForecast(later.matrix, windows));
  }

  const learners = {
    forest: ({ target, weights }: LearnedTarget) => {
      const options = weights === undefined ? {} : { weights };
      const params = completeForestParams({ trees: 20, mtry: 'all' });
      const { forest } = growForest(train.matrix, target, params, options);
      return (matrix: FeatureMatrix, out: Float64Array) => predictRows(forest, matrix, 0, rows, out);
    },
    booster: ({ target, weights }: LearnedTarget) => {
      const options = weights === undefined ? {} : { weights };
      const params = completeBoostingParams({ trees: 200, learningRate: 0.1 });
      const { booster } = growBooster(train.matrix, target, params, options);
      return (matrix: FeatureMatrix, out: Float64Array) => predictBoosterRows(booster, matrix, 0, rows, out);
    },
  };

  test.each(Object.entries(learners))(
    'a %s follows a planted line with the ratio and the residual',
    (_, learn) => {
      const plain = forecast({ kind: 'identity' }, learn);
      expect(Math.max(...plain)).toBeLessThanOrEqual(1.05 * largest);
      const ratio = forecast({ kind: 'ratio' }, learn);
      ratio.forEach((value, row) => {
        expect(value / later.target[row]).toBeCloseTo(1, 3);
      });
      const residual = forecast({ kind: 'residual' }, learn);
      residual.forEach((value, row) => {
        expect(value).toBeGreaterThan(largest);
        expect(Math.abs(value / later.target[row] - 1)).toBeLessThan(0.2);
      });
    },
  );
});
