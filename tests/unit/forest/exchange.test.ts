import { RandomForestRegression } from 'ml-random-forest';
import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { evaluateForecast } from '../../../src/domain/evaluation/metrics.ts';
import type { FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import {
  fromMlRandomForest,
  type MlRandomForestJson,
  MlRandomForestJsonError,
  toMlRandomForest,
} from '../../../src/domain/forest/exchange/mlRandomForest.ts';
import { toOnnx } from '../../../src/domain/forest/exchange/toOnnx.ts';
import {
  MlRandomForestTooSlowError,
  trainMlRandomForest,
} from '../../../src/domain/forest/exchange/trainMlRandomForest.ts';
import { decodeForest } from '../../../src/domain/forest/file/decodeForest.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import type { Forest } from '../../../src/domain/forest/forest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { syntheticShop } from './syntheticShop.ts';

function predict(forest: Forest, matrix: FeatureMatrix): Float64Array {
  const predictions = new Float64Array(matrix.rows);
  predictRows(forest, matrix, 0, matrix.rows, predictions);
  return predictions;
}

function rowsOf({ values, rows, featureNames }: FeatureMatrix): number[][] {
  return Array.from({ length: rows }, (_, row) => featureNames.map((_, j) => values[j * rows + row]));
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

const fresh = syntheticShop(2000, 7, 32);

describe('exchange with ml-random-forest', () => {
  test('the library predicts from our export what we predict, to 1e-9', () => {
    // Trained with missing values, so that rules about them have to be put away too.
    const { matrix, target } = syntheticShop(1500, 7, 31, 0.3);
    const { forest } = growForest(
      matrix,
      target,
      completeForestParams({ trees: 40, maxDepth: null, minSamplesLeaf: 1 }),
    );
    const library = RandomForestRegression.load(JSON.parse(JSON.stringify(toMlRandomForest(forest))));
    expect(
      largestDifference(library.predict(rowsOf(fresh.matrix)), predict(forest, fresh.matrix)),
    ).toBeLessThan(1e-9);
  });

  test('values that lie exactly on a threshold go the same way', () => {
    const { matrix, target } = syntheticShop(300, 3, 33);
    const { forest } = growForest(matrix, target, completeForestParams({ trees: 5, minSamplesLeaf: 1 }));
    const onEdges: FeatureMatrix = {
      ...matrix,
      values: new Float64Array(new SharedArrayBuffer(3 * 300 * 8)),
    };
    for (let j = 0; j < 3; j++) {
      const own = forest.edges.subarray(forest.edgeOffsets[j], forest.edgeOffsets[j + 1]);
      for (let i = 0; i < 300; i++) onEdges.values[j * 300 + i] = own[(i * (j + 7)) % own.length];
    }
    const library = RandomForestRegression.load(JSON.parse(JSON.stringify(toMlRandomForest(forest))));
    expect(largestDifference(library.predict(rowsOf(onEdges)), predict(forest, onEdges))).toBeLessThan(1e-9);
  });

  test('we predict from its forest what it predicts, to 1e-9, and keep that through our file', () => {
    const { matrix, target } = syntheticShop(400, 7, 34);
    const library = new RandomForestRegression({
      seed: 3,
      nEstimators: 15,
      maxFeatures: 4,
      replacement: false,
      noOOB: true,
    });
    library.train(rowsOf(matrix), [...target]);
    const json = JSON.parse(JSON.stringify(library)) as MlRandomForestJson;
    const forest = fromMlRandomForest(json, matrix.featureNames, completeForestParams(), 400);
    const theirs = library.predict(rowsOf(fresh.matrix));
    expect(largestDifference(theirs, predict(forest, fresh.matrix))).toBeLessThan(1e-9);
    expect([...predict(decodeForest(encodeForest(forest)), fresh.matrix)]).toEqual([
      ...predict(forest, fresh.matrix),
    ]);
    const back = RandomForestRegression.load(JSON.parse(JSON.stringify(toMlRandomForest(forest))));
    expect(largestDifference(theirs, back.predict(rowsOf(fresh.matrix)))).toBeLessThan(1e-9);
  });

  test('a forest with more thresholds a feature than a byte counts is taken over whole', () => {
    const { matrix, target } = syntheticShop(700, 1, 35);
    const library = new RandomForestRegression({
      seed: 3,
      nEstimators: 12,
      maxFeatures: 1,
      replacement: false,
      noOOB: true,
    });
    library.train(rowsOf(matrix), [...target]);
    const json = JSON.parse(JSON.stringify(library)) as MlRandomForestJson;
    const forest = fromMlRandomForest(json, matrix.featureNames, completeForestParams(), 700);
    expect(forest.edges.length).toBeGreaterThan(300);
    const one = {
      ...fresh.matrix,
      featureNames: ['feature_0'],
      values: fresh.matrix.values.subarray(0, 2000) as never,
    };
    expect(largestDifference(library.predict(rowsOf(one)), predict(forest, one))).toBeLessThan(1e-9);
  });

  test('refuses JSON that it cannot take over, saying why', () => {
    const { matrix, target } = syntheticShop(50, 2, 36);
    const json = toMlRandomForest(growForest(matrix, target, completeForestParams({ trees: 2 })).forest);
    const take = (changed: object) =>
      fromMlRandomForest(
        { ...json, ...changed } as MlRandomForestJson,
        matrix.featureNames,
        completeForestParams(),
        50,
      );
    expect(() => take({ name: 'RFClassifier' })).toThrow(MlRandomForestJsonError);
    expect(() => take({ selectionMethod: 'median' })).toThrow(/median/);
    expect(() => fromMlRandomForest(json, ['feature_0'], completeForestParams(), 50)).toThrow(
      MlRandomForestJsonError,
    );
  });

  test('trains with the library itself on a small shop, missing values too', () => {
    const { matrix, target } = syntheticShop(300, 6, 37, 0.3);
    const logTarget = target.map(Math.log1p);
    const params = completeForestParams({ trees: 30, mtry: 0.7 });
    const forest = trainMlRandomForest(matrix, logTarget, params);
    const fair = syntheticShop(2000, 6, 38, 0.3);
    const { r2 } = evaluateForecast(predict(forest, fair.matrix), fair.target.map(Math.log1p));
    const ours = growForest(matrix, logTarget, params).forest;
    const { r2: r2Ours } = evaluateForecast(predict(ours, fair.matrix), fair.target.map(Math.log1p));
    expect(r2).toBeGreaterThan(0.5 * r2Ours!);
    expect(forest.metadata).toEqual({ engine: 'ml-random-forest' });
  });

  test('refuses to train the library above 3,000 customers, with the measured reason', () => {
    const { matrix, target } = syntheticShop(3001, 1, 39);
    const train = () => trainMlRandomForest(matrix, target, completeForestParams());
    expect(train).toThrow(MlRandomForestTooSlowError);
    expect(train).toThrow(/3001 customers.*Measured/);
  });

  test('trains above that when forced', () => {
    const { matrix, target } = syntheticShop(3001, 1, 40);
    const params = completeForestParams({ trees: 1, maxDepth: 1 });
    expect(trainMlRandomForest(matrix, target, params, { isForced: true }).values.length).toBe(3);
  });
});

describe('export to ONNX', () => {
  test.each([0, 0.3])('onnxruntime predicts what we predict, with a missing share of %d', async (missing) => {
    const { matrix, target } = syntheticShop(3000, 7, 41, missing);
    const { forest } = growForest(matrix, target, completeForestParams({ trees: 25 }));
    const session = await ort.InferenceSession.create(toOnnx(forest));
    const { rows, featureNames } = matrix;
    const input = new ort.Tensor('float64', Float64Array.from(rowsOf(matrix).flat()), [
      rows,
      featureNames.length,
    ]);
    const { prediction } = await session.run({ features: input });
    const ours = predict(forest, matrix);
    const theirs = prediction.data as Float32Array;
    expect(theirs).toHaveLength(rows);
    for (let row = 0; row < rows; row++) {
      expect(Math.abs(theirs[row] - ours[row])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(ours[row])));
    }
    await session.release();
  });
});
