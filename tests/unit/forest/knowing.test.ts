import { describe, expect, test } from 'vitest';
import type { FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { explainRow } from '../../../src/domain/forest/predicting/contributions.ts';
import { gainImportance } from '../../../src/domain/forest/predicting/gainImportance.ts';
import { permutationImportance } from '../../../src/domain/forest/predicting/permutationImportance.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import {
  defaultLevels,
  predictQuantiles,
  QuantilesUnavailableError,
} from '../../../src/domain/forest/predicting/quantiles.ts';
import { Random } from '../../../src/domain/random.ts';
import { syntheticShop } from './syntheticShop.ts';

const rows = 4000;
const { matrix, target } = syntheticShop(rows, 8, 51);
const logTarget = target.map(Math.log1p);
const fresh = syntheticShop(rows, 8, 52);
const { forest } = growForest(matrix, logTarget, completeForestParams({ trees: 150 }));

describe('what a forest knows', () => {
  test('about as many new targets as said lie below each quantile', () => {
    // A target without ties: with them, more targets lie at a quantile than its level says.
    const noise = new Random(3);
    const made = (shop: typeof fresh): Float64Array =>
      Float64Array.from(
        { length: rows },
        (_, row) => shop.matrix.values[row] + (1 + row / rows) * noise.normal(),
      );
    const own = growForest(
      matrix,
      made({ matrix, target }),
      completeForestParams({ trees: 150, minSamplesLeaf: 20 }),
    );
    const actual = made(fresh);
    const quantiles = new Float64Array(3 * rows);
    predictQuantiles(own.forest, fresh.matrix, defaultLevels, 0, rows, quantiles);
    defaultLevels.forEach((level, index) => {
      const below = actual.filter((value, row) => value <= quantiles[index * rows + row]).length;
      expect(Math.abs(below / rows - level)).toBeLessThan(0.03);
    });
  });

  test('quantiles are refused where no leaf summaries were kept, and at levels that are none', () => {
    const params = completeForestParams({ trees: 2, leafQuantiles: false });
    const bare = growForest(matrix, logTarget, params).forest;
    const quantiles = new Float64Array(rows);
    expect(() => predictQuantiles(bare, matrix, [0.5], 0, rows, quantiles)).toThrow(
      QuantilesUnavailableError,
    );
    expect(() => predictQuantiles(forest, matrix, [1], 0, rows, quantiles)).toThrow(/1 is no quantile level/);
  });

  test('both importances find the features that made the target, strongest first, and leave the others behind', () => {
    const gains = gainImportance(forest);
    const predict = (on: FeatureMatrix): Float64Array => {
      const predicted = new Float64Array(on.rows);
      predictRows(forest, on, 0, on.rows, predicted);
      return predicted;
    };
    const actual = fresh.target.map(Math.log1p);
    const shuffled = matrix.featureNames.map((feature) =>
      permutationImportance(predict, fresh.matrix, actual, feature, { repeats: 3, seed: 1 }),
    );
    for (const noise of [5, 6, 7]) {
      expect(gains[noise]).toBeLessThan(gains[0] / 4);
      expect(Math.abs(shuffled[noise].rmseRise)).toBeLessThan(shuffled[0].rmseRise / 10);
    }
    expect(gains.indexOf(Math.max(...gains))).toBe(0);
    expect(shuffled[0].feature).toBe('feature_0');
    expect(shuffled[0].spread).toBeGreaterThan(0);
  });

  test('the contribution of a strong feature has the sign of its value', () => {
    let agreeing = 0;
    for (let row = 0; row < 200; row++) {
      const { contributions } = explainRow(forest, fresh.matrix, row);
      if (Math.sign(contributions[0]) === Math.sign(fresh.matrix.values[row])) agreeing++;
    }
    expect(agreeing).toBeGreaterThan(170);
  });
});
