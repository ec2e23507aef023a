import { expect, test } from 'vitest';
import { binMatrix } from '../../../src/domain/forest/binnedMatrix.ts';
import { growForest } from '../../../src/domain/forest/growForest.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { predictBinnedRows, predictRows } from '../../../src/domain/forest/predict.ts';
import { syntheticShop } from './syntheticShop.ts';

test('a matrix that was binned for training is predicted like the raw one', () => {
  const { matrix, target } = syntheticShop(3000, 6, 1, 0.1);
  const params = completeForestParams({ trees: 10, seed: 3 });
  const binned = binMatrix(matrix, params.maxBins, params.seed);
  const { forest } = growForest(binned, target, params);
  const [raw, fromBins] = [new Float64Array(matrix.rows), new Float64Array(matrix.rows)];
  predictRows(forest, matrix, 0, matrix.rows, raw);
  predictBinnedRows(forest, binned, 0, matrix.rows, fromBins);
  expect(new Set(raw).size).toBeGreaterThan(100);
  expect(fromBins).toEqual(raw);
});
