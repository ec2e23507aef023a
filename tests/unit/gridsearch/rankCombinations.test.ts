import { expect, test } from 'vitest';
import { gridSearchSettings } from '../../../src/config/gridSearchSettings.ts';
import { parseConfig } from '../../../src/config/loadConfig.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { allocateMatrix, columnOf } from '../../../src/domain/features/matrix.ts';
import { naiveRateForecast } from '../../../src/domain/forecast/contenders/naiveRate.ts';
import type { Combination } from '../../../src/domain/gridsearch/combinations.ts';
import { measureFold, spreadOf } from '../../../src/domain/gridsearch/foldMetrics.ts';
import { rankCombinations, whyUnranked } from '../../../src/domain/gridsearch/rankCombinations.ts';
import { hyperParameterGrid } from '../../../src/domain/gridsearch/searchSettings.ts';

const half = { rmse: 0.5, r2: 0.5 };

/** A combination whose folds have these [rmse_skill, r2]; the other metrics follow from them. */
function combination(
  historyMonths: number,
  predMonths: number,
  folds: readonly (readonly [number, number | null])[],
  customers = 1000,
): Combination {
  return {
    historyMonths,
    predMonths,
    hyperParameters: { trees: 10, maxDepth: 5, minSamplesLeaf: 5, mtry: 'all' },
    status: folds.length > 0 ? 'evaluated' : 'skipped',
    reason: folds.length > 0 ? '' : 'too few folds',
    customers,
    folds: folds.map(([skill, r2], index) => ({
      index,
      trainCutoff: '2020-01-01',
      validationCutoff: '2020-07-01',
      trainCustomers: customers,
      validationCustomers: customers,
      metrics: {
        rmse: skill * predMonths,
        nrmse: skill / predMonths,
        rmse_naive: predMonths,
        rmse_skill: skill,
        mae: skill,
        bias: 0,
        r2,
        spearman: null,
        normalized_gini: 0.5,
      },
    })),
  };
}

test('both metrics are scaled over what was evaluated, and the lowest weighted sum wins', () => {
  const outcome = rankCombinations(
    [
      combination(6, 3, [
        [0.9, 0.2],
        [0.9, 0.2],
      ]),
      combination(12, 6, [
        [0.7, 0.3],
        [0.7, 0.3],
      ]),
      combination(18, 6, [
        [0.5, 0.1],
        [0.5, 0.1],
      ]),
      combination(18, 12, []),
    ],
    'skill',
    { rmse: 0.25, r2: 0.75 },
  );
  expect(outcome.combinations.map((it) => it.rmseNorm)).toEqual([1, expect.closeTo(0.5), 0, null]);
  expect(outcome.combinations.map((it) => it.r2Norm)).toEqual([expect.closeTo(0.5), 1, 0, null]);
  expect(outcome.combinations.map((it) => it.composite)).toEqual([
    expect.closeTo(0.625),
    expect.closeTo(0.125),
    expect.closeTo(0.75),
    null,
  ]);
  expect(outcome.combinations.map((it) => it.rank)).toEqual([2, 1, 3, null]);
  expect(outcome.combinations.map((it) => it.isBestForHorizon)).toEqual([true, true, false, false]);
  expect(outcome.winner?.historyMonths).toBe(12);
  expect(outcome.isTieWithinNoise).toBe(false);
});

test('the basis decides which RMSE is scaled', () => {
  const list = [3, 6, 12].map((pred) => combination(6, pred, Array(2).fill([0.8, 0.1])));
  const winnerOf = (basis: 'absolute' | 'relative') => rankCombinations(list, basis, half).winner?.predMonths;
  expect(winnerOf('absolute')).toBe(3);
  expect(winnerOf('relative')).toBe(12);
});

test('equal composites go to more customers, then to the shorter history, then to the shorter horizon', () => {
  const folds = Array(2).fill([0.8, 0.1]);
  const winnerOf = (list: Combination[]) => rankCombinations(list, 'skill', half).winner?.historyMonths;
  expect(winnerOf([combination(6, 6, folds, 900), combination(12, 6, folds, 1000)])).toBe(12);
  expect(winnerOf([combination(12, 6, folds), combination(6, 6, folds)])).toBe(6);
  const list = [combination(6, 6, folds), combination(6, 3, folds)];
  expect(rankCombinations(list, 'skill', half).winner?.predMonths).toBe(3);
});

test('no lead at all is a tie, one as large as the spread is none', () => {
  const rmseAlone = { rmse: 1, r2: 0 };
  const [best, worst] = [0, 1].map((skill) => combination(6, 6, Array(3).fill([skill, 0.1])));
  const rival = combination(12, 6, [
    [0, 0.1],
    [0.25, 0.1],
    [0.5, 0.1],
  ]);
  const outcome = rankCombinations([best, rival, worst], 'skill', rmseAlone);
  expect(outcome.combinations[1]).toMatchObject({ composite: 0.25, compositeStd: 0.25 });
  expect(outcome.isTieWithinNoise).toBe(false);
  expect(rankCombinations([best, best, worst], 'skill', rmseAlone).isTieWithinNoise).toBe(true);
});

test('a lead smaller than the spread over folds is a tie within noise', () => {
  const rival = combination(12, 6, [
    [0.71, 0.3],
    [0.71, 0.3],
  ]);
  const worst = combination(3, 6, [
    [0.9, 0.1],
    [0.9, 0.1],
  ]);
  const steady = combination(6, 6, [
    [0.7, 0.3],
    [0.7, 0.3],
  ]);
  const unsteady = combination(6, 6, [
    [0.6, 0.35],
    [0.8, 0.25],
  ]);
  expect(rankCombinations([steady, rival, worst], 'skill', half).isTieWithinNoise).toBe(false);
  const outcome = rankCombinations([unsteady, rival, worst], 'skill', half);
  expect(outcome.isTieWithinNoise).toBe(true);
  expect(outcome.combinations.map((it) => it.isTiedWithWinner)).toEqual([false, true, false]);
});

test('a combination whose R² is undefined is evaluated and not ranked', () => {
  const outcome = rankCombinations(
    [
      combination(6, 6, [
        [0.7, null],
        [0.7, null],
      ]),
    ],
    'skill',
    half,
  );
  expect(outcome.winner).toBeNull();
  expect(outcome.combinations[0]).toMatchObject({ status: 'evaluated', rank: null, composite: null });
});

test('without any spread every composite is the same and nothing is divided by zero', () => {
  const outcome = rankCombinations([combination(6, 6, Array(2).fill([0.7, 0.2]))], 'skill', half);
  expect(outcome.winner).toMatchObject({ rmseNorm: 0, r2Norm: 0, composite: 0.5 });
});

test('the naive forecast goes on at the rate of the history', () => {
  const matrix = allocateMatrix(['revenue_sum'], 2);
  columnOf(matrix, 'revenue_sum').set([120, -12]);
  expect([...naiveRateForecast(matrix, { historyMonths: 12, predMonths: 3 })]).toEqual([30, -3]);
});

test('a fold is measured against the naive forecast and the mean', () => {
  const of = (...values: number[]) => Float64Array.from(values);
  const metrics = measureFold(of(2, 2), of(0, 0), of(1, 3));
  expect(metrics).toMatchObject({ rmse: 1, nrmse: 0.5, rmse_naive: Math.sqrt(5), mae: 1, bias: 0, r2: 0 });
  expect(metrics.rmse_skill).toBeCloseTo(1 / Math.sqrt(5), 12);
  // The same shop in a unit that is a thousand times as large.
  const small = measureFold(of(0.002, 0.002), of(0, 0), of(0.001, 0.003));
  expect(small.nrmse).toBeCloseTo(0.5, 12);
  expect(small.rmse_skill).toBeCloseTo(1 / Math.sqrt(5), 12);
  expect(measureFold(of(1, 1), of(0, 0), of(0, 0))).toMatchObject({
    nrmse: null,
    rmse_skill: null,
    r2: null,
  });
  expect(measureFold(of(1, 1), of(0, 0), of(-1, -3)).nrmse).toBeNull();
});

test('the spread is the sample standard deviation of the folds that have the metric', () => {
  expect(spreadOf([1, null, 3])).toEqual({ mean: 2, std: Math.SQRT2 });
  expect(spreadOf([1, null])).toEqual({ mean: 1, std: null });
  expect(spreadOf([null])).toEqual({ mean: null, std: null });
});

test('hyper-parameter lists are crossed, and what has no list stays', () => {
  const base = { trees: 100, maxDepth: 8, minSamplesLeaf: 5, mtry: 0.5 };
  const grid = hyperParameterGrid(base, { trees: [50, 100], minSamplesLeaf: [3, 9, 3] });
  expect(grid.map((it) => [it.trees, it.minSamplesLeaf])).toEqual([
    [50, 3],
    [50, 9],
    [100, 3],
    [100, 9],
  ]);
  expect(grid.every((it) => it.maxDepth === 8 && it.mtry === 0.5)).toBe(true);
});

test('weights that do not add up to one are refused, in the config and in a request', () => {
  expect(() => parseConfig('grid_search:\n  weights: { rmse: 0.5, r2: 0.6 }\n', 'c')).toThrow(
    /rmse and r2 that do not add up to 1/,
  );
  const config = configSchema.parse({});
  expect(() => gridSearchSettings(config, { weights: { rmse: 0.5, r2: 0.6 } })).toThrow(
    expect.objectContaining({ code: 'WEIGHTS_NOT_ONE' }),
  );
  expect(gridSearchSettings(config, { weights: { rmse: 0.1, r2: 0.9 } }).weights).toEqual({
    rmse: 0.1,
    r2: 0.9,
  });
});

test('what was measured and cannot be ranked says why, as its months were', () => {
  const measured = (predicted: number[], naive: number[], actual: number[]) => {
    const arrays = [predicted, naive, actual].map((values) => Float64Array.from(values));
    const metrics = measureFold(arrays[0], arrays[1], arrays[2]);
    const [fold] = combination(12, 6, [[1, null]]).folds;
    const only: Combination = { ...combination(12, 6, [[1, null]]), folds: [{ ...fold, metrics }] };
    return rankCombinations([only], 'skill', half).combinations[0];
  };
  const alike = measured([9, 9], [8, 9], [10, 10]);
  expect(whyUnranked(alike, 'skill')).toMatch(/all who had ordered before spent the same .* R² is undefined/);
  const steady = measured([9, 19], [10, 20], [10, 20]);
  expect(whyUnranked(steady, 'skill')).toMatch(/the naive forecast was never wrong/);
  const returned = measured([0, 0], [1, 1], [-10, -20]);
  expect(whyUnranked(returned, 'relative')).toMatch(/no more was spent than taken back/);
});
