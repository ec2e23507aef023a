import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, test } from 'vitest';
import { evaluateForecast } from '../../../src/domain/evaluation/metrics.ts';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { ForestInputError } from '../../../src/domain/forest/inputError.ts';
import {
  completeForestParams,
  ForestParamsError,
  featuresPerNode,
} from '../../../src/domain/forest/params.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { syntheticShop } from './syntheticShop.ts';

function matrixOf(columns: readonly (readonly number[])[]) {
  const matrix = allocateMatrix(
    columns.map((_, index) => `x${index}`),
    columns[0].length,
  );
  columns.forEach((column, index) => {
    matrix.values.set(column, index * matrix.rows);
  });
  return matrix;
}

describe('growing a forest', () => {
  test('one unrestricted tree on all rows learns the target by heart', () => {
    const { matrix, target } = syntheticShop(500, 6, 1);
    const params = completeForestParams({
      trees: 1,
      maxDepth: null,
      minSamplesLeaf: 1,
      mtry: 'all',
      bootstrap: false,
      maxBins: 255,
    });
    const { forest } = growForest(matrix, target, params);
    const predicted = new Float64Array(500);
    predictRows(forest, matrix, 0, 500, predicted);
    expect(evaluateForecast(predicted, target).r2).toBeGreaterThan(0.9999);
  });

  test('finds the split that lowers the squared error most', () => {
    const matrix = matrixOf([
      [1, 2, 3, 4, 5, 6],
      [5, 1, 5, 1, 5, 1],
    ]);
    const target = Float64Array.of(10, 12, 11, 90, 95, 88);
    const params = completeForestParams({
      trees: 1,
      maxDepth: 1,
      minSamplesLeaf: 1,
      mtry: 'all',
      bootstrap: false,
    });
    const { forest } = growForest(matrix, target, params);
    expect([...forest.values]).toEqual([51, 11, 91]);
    expect(forest.nodes[1] >>> 17).toBe(0);
    expect(forest.edges[forest.nodes[1] & 0xffff]).toBe(3.5);
  });

  test('missing values go to the side that gains more', () => {
    const missing = Number.NaN;
    const matrix = matrixOf([[1, 2, 3, 4, missing, missing]]);
    const params = completeForestParams({
      trees: 1,
      maxDepth: 1,
      minSamplesLeaf: 1,
      mtry: 'all',
      bootstrap: false,
    });
    for (const [target, left] of [
      [Float64Array.of(0, 0, 9, 9, 0, 0), 4],
      [Float64Array.of(0, 0, 9, 9, 9, 9), 2],
      [Float64Array.of(5, 5, 5, 5, 9, 9), 4],
    ] as const) {
      const { forest } = growForest(matrix, target, params);
      expect(forest.cover[1]).toBe(left);
      const predicted = new Float64Array(6);
      predictRows(forest, matrix, 0, 6, predicted);
      expect([...predicted]).toEqual([...target]);
    }
  });

  test('leaves hold no fewer different rows than asked', () => {
    const { matrix, target } = syntheticShop(2000, 6, 2, 0.3);
    const params = completeForestParams({ trees: 5, maxDepth: null, minSamplesLeaf: 17 });
    const { forest } = growForest(matrix, target, params);
    for (let node = 0; node < forest.values.length; node++)
      expect(forest.cover[node]).toBeGreaterThanOrEqual(17);
    expect(forest.values.length).toBeGreaterThan(100);
  });

  test('the seed alone decides the bytes', () => {
    const { matrix, target } = syntheticShop(800, 6, 3, 0.2);
    const bytes = (seed: number) =>
      encodeForest(growForest(matrix, target, completeForestParams({ trees: 10, seed })).forest);
    expect(bytes(7)).toEqual(bytes(7));
    expect(bytes(7)).not.toEqual(bytes(8));
  });

  test('out-of-bag error is close to the error on new rows', () => {
    const { matrix, target } = syntheticShop(4000, 8, 4, 0.2);
    const fresh = syntheticShop(4000, 8, 5, 0.2);
    const { forest, outOfBag } = growForest(
      matrix,
      target.map(Math.log1p),
      completeForestParams({ trees: 100 }),
    );
    const predicted = new Float64Array(4000);
    predictRows(forest, fresh.matrix, 0, 4000, predicted);
    const { rmse } = evaluateForecast(predicted, fresh.target.map(Math.log1p));
    expect(outOfBag?.metrics?.customers).toBe(4000);
    expect(Math.abs(outOfBag!.metrics!.rmse / rmse - 1)).toBeLessThan(0.04);
  });

  test('reaches the same error on new rows as ml-random-forest', () => {
    const rows = 400;
    const { matrix, target } = syntheticShop(rows, 6, 6);
    const fresh = syntheticShop(4000, 6, 7);
    const rowsOf = ({ values, rows: count, featureNames }: typeof matrix) =>
      Array.from({ length: count }, (_, row) => featureNames.map((_, j) => values[j * count + row]));
    const logTarget = target.map((value) => Math.log1p(value));
    const library = new RandomForestRegression({
      seed: 1,
      nEstimators: 60,
      maxFeatures: 1.0,
      replacement: false,
      noOOB: true,
      treeOptions: { maxDepth: 8, minNumSamples: 5 },
    });
    library.train(rowsOf(matrix), [...logTarget]);
    const theirs = Float64Array.from(library.predict(rowsOf(fresh.matrix)));
    const { forest } = growForest(
      matrix,
      logTarget,
      completeForestParams({ trees: 60, maxDepth: 8, mtry: 'all', minSamplesLeaf: 2 }),
    );
    const ours = new Float64Array(4000);
    predictRows(forest, fresh.matrix, 0, 4000, ours);
    const actual = fresh.target.map((value) => Math.log1p(value));
    const rmseOurs = evaluateForecast(ours, actual).rmse;
    const rmseTheirs = evaluateForecast(theirs, actual).rmse;
    expect(Math.abs(rmseOurs / rmseTheirs - 1)).toBeLessThan(0.03);
  });

  test('splits no node for less than the gain that is asked for', () => {
    // Half of 0 and half of 10: the split takes the mean squared error from 25 to 0.
    const matrix = matrixOf([[1, 1, 2, 2]]);
    const target = Float64Array.of(0, 0, 10, 10);
    const leaves = (minGain: number) => {
      const params = completeForestParams({ trees: 1, minSamplesLeaf: 1, bootstrap: false, minGain });
      return growForest(matrix, target, params).forest.values.length;
    };
    expect([leaves(24.9), leaves(25.1)]).toEqual([3, 1]);
  });

  test('draws on until a feature is not the same in the whole node', () => {
    const same = [5, 5, 5, 5, 5, 5];
    const matrix = matrixOf([same, same, [1, 2, 3, 4, 5, 6], same, same]);
    const params = completeForestParams({
      trees: 20,
      maxDepth: 1,
      minSamplesLeaf: 1,
      mtry: 1,
      bootstrap: false,
    });
    const { forest } = growForest(matrix, Float64Array.of(0, 0, 0, 9, 9, 9), params);
    expect(forest.values.length).toBe(20 * 3);
  });

  test('predicts out of bag also where rows are drawn without replacement, and says nothing of a row always seen', () => {
    const { matrix, target } = syntheticShop(40, 3, 9);
    const drawn = completeForestParams({ trees: 1, bootstrap: false, rowsShare: 0.25 });
    const { outOfBag } = growForest(matrix, target, drawn);
    expect(outOfBag?.predictions.filter(Number.isNaN)).toHaveLength(10);
    expect(outOfBag?.metrics?.customers).toBe(30);
    const all = completeForestParams({ trees: 1, bootstrap: false });
    expect(growForest(matrix, target, all).outOfBag).toBeUndefined();
  });

  test('draws a share of the features rounded down, at least one, and no more than there are', () => {
    const drawn = [
      [0.5, 7],
      [0.5, 1],
      [1 / 3, 2],
      [4, 9],
      [9, 4],
      [0.5, 0],
    ].map(([mtry, features]) => featuresPerNode(mtry, features));
    expect(drawn).toEqual([3, 1, 1, 4, 4, 0]);
    expect(featuresPerNode('all', 6)).toBe(6);
  });

  test('refuses what cannot be trained on, naming it', () => {
    const { matrix, target } = syntheticShop(10, 2, 8);
    const params = completeForestParams({ trees: 1 });
    expect(() => growForest(matrix, target.subarray(1), params)).toThrow(ForestInputError);
    const broken = target.slice();
    broken[3] = Number.NaN;
    expect(() => growForest(matrix, broken, params)).toThrow(/row 3 is NaN/);
    expect(() => growForest(matrixOf([[], []]), new Float64Array(0), params)).toThrow(ForestInputError);
    expect(() => completeForestParams({ maxBins: 256 })).toThrow(ForestParamsError);
    expect(() => completeForestParams({ mtry: 1.5 })).toThrow(/mtry is 1.5/);
    expect(() => completeForestParams({ rowsShare: 1.5 })).toThrow(/rowsShare is 1.5/);
    expect(() => completeForestParams({ rowsShare: 0 })).toThrow(/rowsShare is 0/);
  });
});
