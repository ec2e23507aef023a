import { expect, test } from 'vitest';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { growForest } from '../../../src/domain/forest/growForest.ts';
import { predictRows } from '../../../src/domain/forest/predict.ts';
import {
  evaluateFold,
  type FoldData,
  searchForestParams,
} from '../../../src/domain/gridsearch/evaluateFold.ts';
import { measureFold } from '../../../src/domain/gridsearch/foldMetrics.ts';
import { naiveRateForecast } from '../../../src/domain/gridsearch/naiveRate.ts';
import { Random } from '../../../src/domain/random.ts';

const windows = { historyMonths: 12, predMonths: 6 };

function data(rows: number): FoldData {
  const random = new Random(7, 1);
  const side = () => {
    const matrix = allocateMatrix(['revenue_sum', 'recency_days'], rows);
    const revenue = new Float64Array(new SharedArrayBuffer(8 * rows));
    for (let row = 0; row < rows; row++) {
      matrix.values[row] = random.below(1000);
      matrix.values[rows + row] = random.below(360);
      revenue[row] = matrix.values[row] / 2 + random.below(100);
    }
    return { matrix, revenue };
  };
  const [fit, later] = [side(), side()];
  return { matrix: fit.matrix, target: fit.revenue, validation: later.matrix, actual: later.revenue };
}

test('a fold measures each set of hyper-parameters as a forest of its own on the later months', () => {
  const fold = data(300);
  const sets = [5, 20].map((minSamplesLeaf) => ({
    trees: 7,
    maxDepth: 6,
    minSamplesLeaf,
    mtry: 'all' as const,
  }));
  const settings = { hyperParameters: sets, maxBins: 64, seed: 3 };
  const alone = sets.map((own) => {
    const { forest } = growForest(fold.matrix, fold.target, searchForestParams(own, settings), {
      outOfBag: false,
    });
    const predicted = new Float64Array(300);
    predictRows(forest, fold.validation, 0, 300, predicted);
    return measureFold(predicted, naiveRateForecast(fold.validation, windows), fold.actual);
  });
  const together = evaluateFold(fold, windows, settings);
  expect(together).toEqual(alone);
  expect(together[0].rmse).not.toBe(together[1].rmse);
});
