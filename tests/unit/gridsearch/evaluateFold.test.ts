import { describe, expect, test } from 'vitest';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import type { BtydSummary } from '../../../src/domain/btyd/summary.ts';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { naiveRateForecast } from '../../../src/domain/forecast/contenders/naiveRate.ts';
import { trainMlRandomForest } from '../../../src/domain/forest/exchange/trainMlRandomForest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { evaluateFold, searchForestParams } from '../../../src/domain/gridsearch/evaluateFold.ts';
import type { FoldContest, FoldData } from '../../../src/domain/gridsearch/foldData.ts';
import { measureFold } from '../../../src/domain/gridsearch/foldMetrics.ts';
import { Random } from '../../../src/domain/random.ts';

const windows = { historyMonths: 12, predMonths: 6 };
const ROWS = 300;
const sets = [5, 20].map((minSamplesLeaf) => ({
  trees: 7,
  maxDepth: 6,
  minSamplesLeaf,
  mtry: 'all' as const,
}));
const settings = {
  hyperParameters: sets,
  maxBins: 64,
  seed: 3,
  engine: 'forest' as const,
  isEngineForced: false,
  winsorise: null,
};

function data(): FoldData {
  const random = new Random(7, 1);
  const side = () => {
    const matrix = allocateMatrix(['revenue_sum', 'recency_days'], ROWS);
    const revenue = new Float64Array(new SharedArrayBuffer(8 * ROWS));
    for (let row = 0; row < ROWS; row++) {
      matrix.values[row] = random.below(1000);
      matrix.values[ROWS + row] = random.below(360);
      revenue[row] = matrix.values[row] / 2 + random.below(100);
    }
    return { matrix, revenue };
  };
  const [fit, later] = [side(), side()];
  return {
    matrix: fit.matrix,
    target: fit.revenue,
    validation: later.matrix,
    actual: later.revenue,
    contest: null,
  };
}

/** Customers who bought about once in seven weeks, at about what each spends in a window over the orders in it. */
function contest({ matrix, validation }: FoldData): FoldContest {
  const random = new Random(8);
  const summaryOf = (side: FoldData['matrix']): BtydSummary => {
    const repeatPurchases = Float64Array.from({ length: ROWS }, () => random.below(14));
    return {
      repeatPurchases,
      recencyWeeks: repeatPurchases.map((count) => (count === 0 ? 0 : 30 + random.below(20))),
      ageWeeks: new Float64Array(ROWS).fill(52),
      meanRepeatValue: repeatPurchases.map((count, row) =>
        count === 0 ? Number.NaN : 1 + side.values[row] / (count + 1),
      ),
      firstValue: repeatPurchases.map((count, row) => 1 + side.values[row] / (count + 1)),
    };
  };
  const purchaseModelOf = (summary: BtydSummary) => ({ model: fitBtyd(summary), season: null });
  const [fit, later] = [summaryOf(matrix), summaryOf(validation)];
  return {
    fit: { btyd: purchaseModelOf(fit), summary: fit, window: { start: '2025-01-01', end: '2025-07-01' } },
    validation: {
      btyd: purchaseModelOf(later),
      summary: later,
      window: { start: '2025-07-01', end: '2026-01-01' },
    },
    season: null,
  };
}

describe('a fold', () => {
  const fold = data();
  const naive = naiveRateForecast(fold.validation, windows);

  test('measures each set of hyper-parameters as a forest of its own on the later months', () => {
    const alone = sets.map((own) => {
      const { forest } = growForest(fold.matrix, fold.target, searchForestParams(own, settings), {
        outOfBag: false,
      });
      const predicted = new Float64Array(ROWS);
      predictRows(forest, fold.validation, 0, ROWS, predicted);
      return measureFold(predicted, naive, fold.actual);
    });
    const together = evaluateFold(fold, windows, settings);
    expect(together).toEqual(alone);
    expect(together[0].rmse).not.toBe(together[1].rmse);
  });

  test('of the library is fitted by the library', () => {
    const [own] = sets;
    const forest = trainMlRandomForest(fold.matrix, fold.target, searchForestParams(own, settings));
    const predicted = new Float64Array(ROWS);
    predictRows(forest, fold.validation, 0, ROWS, predicted);
    const [measured] = evaluateFold(fold, windows, {
      ...settings,
      engine: 'ml-random-forest',
      hyperParameters: [own],
    });
    expect(measured).toEqual(measureFold(predicted, naive, fold.actual));
  });

  test('of a tournament is what the stack of its contenders forecasts, and follows the season', () => {
    const forests = evaluateFold(fold, windows, settings);
    const tournament = { ...settings, engine: 'tournament' as const };
    const contested = { ...fold, contest: contest(fold) };
    const [measured, other] = evaluateFold(contested, windows, tournament);
    expect(measured.rmse).not.toBe(forests[0].rmse);
    expect(measured.r2).toBeGreaterThan(0.5);
    expect(other.rmse).not.toBe(measured.rmse);
    expect(measured.rmse_naive).toBe(forests[0].rmse_naive);
    // A first half that brings half of the usual, and a second that brings half more: forecasts triple.
    const index = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5];
    const season = { anchor: '2025-01-01', index, shift: null };
    const [seasonal] = evaluateFold(
      { ...contested, contest: { ...contested.contest, season } },
      windows,
      tournament,
    );
    expect(seasonal.bias ?? 0).toBeGreaterThan((measured.bias ?? 0) + 0.5);
  });

  test('of a tournament in a shop where nobody came back has the rate in place of the purchase model', () => {
    const { fit, validation, season } = contest(fold);
    const lonely = {
      season,
      fit: { ...fit, model: null },
      validation: { ...validation, model: null },
    };
    const [measured] = evaluateFold({ ...fold, contest: lonely }, windows, {
      ...settings,
      engine: 'tournament',
    });
    expect(Number.isFinite(measured.rmse)).toBe(true);
  });
});
