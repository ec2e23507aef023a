import { describe, expect, test } from 'vitest';
import { allocateMatrix, type FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { leafLimit } from '../../../src/domain/forest/packedTrees.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { explainRow } from '../../../src/domain/forest/predicting/contributions.ts';
import { gainImportance } from '../../../src/domain/forest/predicting/gainImportance.ts';
import { matchColumns } from '../../../src/domain/forest/predicting/matchColumns.ts';
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
    expect(() => predictQuantiles(forest, matrix, [0], 0, rows, quantiles)).toThrow(/0 is no quantile level/);
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

  test('a quantile is the smallest target with at least so many at or below it, also of a part of the rows', () => {
    const eight = allocateMatrix(['x'], 8);
    eight.values.set([0, 0, 0, 0, 1, 1, 1, 1]);
    const targets = Float64Array.of(10, 20, 30, 40, 50, 60, 70, 80);
    const params = completeForestParams({ trees: 1, minSamplesLeaf: 8, bootstrap: false });
    const { forest: leaf } = growForest(eight, targets, params);
    const quantiles = new Float64Array(8);
    predictQuantiles(leaf, eight, [0.01, 0.25, 0.3, 0.99], 5, 7, quantiles);
    expect([...quantiles]).toEqual([10, 10, 20, 20, 30, 30, 80, 80]);
  });

  test('the gain of a feature is its share of the fall in each tree, whatever the size of that fall', () => {
    const leafOf = (node: number): number[] => [node, leafLimit];
    const split = (left: number, feature: number): number[] => [left, feature * 0x20000];
    const trees = {
      ...forest,
      featureNames: ['a', 'b'],
      treeOffsets: Uint32Array.of(0, 5, 8),
      nodes: Uint32Array.of(
        ...[...split(1, 0), ...leafOf(1), ...split(3, 1), ...leafOf(3), ...leafOf(4)],
        ...[...split(1, 1), ...leafOf(1), ...leafOf(2)],
      ),
      values: Float64Array.of(0, -3, 1, 0.5, 2, 0, -1000, 1000),
      cover: Float64Array.of(4, 1, 3, 2, 1, 4, 2, 2),
    };
    // The first tree falls by 1 x 9 + 3 x 1 at its root and by 2 x 0.25 + 1 x 1 below it; the second at its root alone.
    const [a, b] = gainImportance(trees);
    expect(a).toBeCloseTo(12 / 13.5 / 2, 12);
    expect(b).toBeCloseTo((1.5 / 13.5 + 1) / 2, 12);
  });

  test('finds its features by their names, wherever they stand', () => {
    expect([...matchColumns({ featureNames: ['b', 'a'] }, ['a', 'x', 'b'])]).toEqual([2, 0]);
    expect(() => matchColumns({ featureNames: ['b', 'c', 'd'] }, ['d'])).toThrow(/lacks 2 .*: b, c\./);
  });
});

describe('a shuffle', () => {
  const three = allocateMatrix(['a', 'b'], 3);
  three.values.set([1, 2, 3, 1, 2, 3]);
  const nothing = new Float64Array(3);

  /** The values of the two features after a shuffle of one of them. */
  function shuffledBy(feature: string, seed: number): string[] {
    let seen: string[] = [];
    const predict = ({ values }: FeatureMatrix): Float64Array => {
      seen = [values.subarray(0, 3).join(''), values.subarray(3).join('')];
      return nothing;
    };
    permutationImportance(predict, three, nothing, feature, { repeats: 1, seed, rmse: 0 });
    return seen;
  }
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);

  test('may bring a feature into any order, and leaves the others as they are', () => {
    const orders = seeds.map((seed) => shuffledBy('a', seed));
    expect(new Set(orders.map(([a]) => a))).toEqual(new Set(['123', '132', '213', '231', '312', '321']));
    expect(new Set(orders.map(([, b]) => b))).toEqual(new Set(['123']));
  });

  test('is another one for a feature of another name', () => {
    expect(seeds.some((seed) => shuffledBy('a', seed)[0] !== shuffledBy('b', seed)[1])).toBe(true);
  });

  test('is told with the mean rise of the error and its standard deviation over the repeats', () => {
    let size = 0;
    const predict = (): Float64Array => new Float64Array(3).fill(++size);
    const shuffles = { repeats: 3, seed: 1, rmse: 0.5 };
    // Errors of 1, 2 and 3.
    expect(permutationImportance(predict, three, nothing, 'a', shuffles)).toEqual({
      feature: 'a',
      rmseRise: 1.5,
      spread: 1,
    });
  });
});
