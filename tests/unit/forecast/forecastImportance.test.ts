import { expect, test } from 'vitest';
import { allocateMatrix, columnOf } from '../../../src/domain/features/matrix.ts';
import { withBtydFeatures } from '../../../src/domain/forecast/contenders/btydFeatures.ts';
import { forecastImportance, rmseOfModel } from '../../../src/domain/forecast/forecastImportance.ts';
import { PURCHASE_MODEL } from '../../../src/domain/forecast/modelForecast.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';

/** Two customers whom nothing but the purchase model tells apart. */
const own = allocateMatrix(['revenue_sum'], 2);
own.values.fill(60);
const matrix = withBtydFeatures(own, null);
columnOf(matrix, 'btyd_expected_clv').set([20, 100]);
const params = completeForestParams({ trees: 1, minSamplesLeaf: 1, mtry: 'all', bootstrap: false });
const { forest } = growForest(matrix, Float64Array.of(10, 90), params);

/** Half of what the purchase model says, 20 and 100, and half of what a forest makes of its feature, 10 and 90. */
const measured = {
  model: {
    contenders: [
      { name: 'btyd' } as const,
      { name: 'forest', forest, lines: null, target: { kind: 'identity' } } as const,
    ],
    stack: {
      bulk: [0.5, 0.5],
      largest: [0.5, 0.5],
      gauge: [1, 1],
      reach: null,
      passesFrom: 1000,
      passesTo: 2000,
      beyond: null,
    },
    calibration: 1,
  },
  months: { historyMonths: 12, predMonths: 6 },
  seasonFactor: 1,
  matrix,
  base: Float64Array.of(20, 100),
  actual: Float64Array.of(15, 95),
};

const risesOf = (feature: string): Set<number> =>
  new Set(
    Array.from({ length: 16 }, (_, seed) =>
      Math.round(forecastImportance(measured, feature, { repeats: 1, seed }).rmseRise),
    ),
  );

test('what the purchase model says is shuffled as a whole: its forecast, and what trees make of its features', () => {
  // A shuffle of two leaves them alone, or gives each the 80 of difference to the other.
  expect(risesOf(PURCHASE_MODEL)).toEqual(new Set([0, 80]));
});

test('a feature is shuffled without what the purchase model forecasts', () => {
  expect(risesOf('btyd_expected_clv')).toEqual(new Set([0, 40]));
  expect(risesOf('revenue_sum')).toEqual(new Set([0]));
});

test('the error of a model is that of its forecast before any shuffle', () => {
  expect(rmseOfModel(measured)).toBeCloseTo(0, 9);
  expect(rmseOfModel({ ...measured, actual: Float64Array.of(16, 88) })).toBeCloseTo(5, 9);
});
