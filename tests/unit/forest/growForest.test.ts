import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, test } from 'vitest';
import { evaluateForecast } from '../../../src/domain/evaluation/metrics.ts';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { ForestInputError } from '../../../src/domain/forest/inputError.ts';
import { completeForestParams, ForestParamsError } from '../../../src/domain/forest/params.ts';
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
  });
});
