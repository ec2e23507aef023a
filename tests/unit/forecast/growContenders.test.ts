import { expect, test } from 'vitest';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { btydForecast } from '../../../src/domain/forecast/contenders/btydForecast.ts';
import {
  boostedTarget,
  fitBoostedTarget,
  joinRows,
  planContenders,
  type RowsOfCutoff,
} from '../../../src/domain/forecast/contenders/contenderPlans.ts';
import { forecastRows } from '../../../src/domain/forecast/contenders/forecastRows.ts';
import { growContenders } from '../../../src/domain/forecast/contenders/growContenders.ts';
import { rateForecast } from '../../../src/domain/forecast/contenders/naiveRate.ts';
import { scaleLabels } from '../../../src/domain/forecast/contenders/scaleLabels.ts';
import { binMatrix } from '../../../src/domain/forest/binning/binnedMatrix.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { Random } from '../../../src/domain/random.ts';
import { asSharedFloats } from '../../../src/domain/sharedFloats.ts';

const windows = { historyMonths: 12, predMonths: 6 };
const params = { forest: completeForestParams({ trees: 30, seed: 3 }), winsorise: null };
const window = { start: '2025-01-01', end: '2025-07-01' };

/** Customers whose history is around `usual`, a few far above, and who go on at `pace` times its rate, give or take. */
function customers(rows: number, usual: number, seed: number, pace = 1): RowsOfCutoff {
  const random = new Random(seed);
  const features = allocateMatrix(['revenue_sum', 'noise'], rows);
  const labels = new Float64Array(new SharedArrayBuffer(8 * rows));
  for (let row = 0; row < rows; row++) {
    features.values[row] = usual * Math.exp(1.5 * random.normal());
    features.values[rows + row] = random.uniform();
    labels[row] = 0.5 * pace * features.values[row] * (0.8 + 0.4 * random.uniform());
  }
  const nobody = new Float64Array(rows);
  const summary = {
    repeatPurchases: nobody,
    recencyWeeks: nobody,
    ageWeeks: nobody,
    meanRepeatValue: nobody,
    firstValue: nobody,
  };
  const { matrix, base } = btydForecast(null, { matrix: features, summary, window, months: windows });
  return { matrix, labels, base, rate: rateForecast(matrix, windows) };
}

test('no contender with trees is bound by the largest customer that it saw', () => {
  const learned = customers(1500, 100, 1);
  const largestSeen = Math.max(...learned.labels);
  const later = customers(100, 40_000, 2);
  const contenders = growContenders(joinRows([learned], 1), 80, params);
  for (const contender of contenders.filter(({ name }) =>
    ['forest', 'boosted', 'forest_btyd'].includes(name),
  )) {
    const forecast = forecastRows(contender, later, 0, 100);
    expect(Math.max(...forecast)).toBeGreaterThan(5 * largestSeen);
    const [sum, actual] = [forecast, later.labels].map((values) => values.reduce((a, b) => a + b, 0));
    expect(Math.abs(sum / actual - 1)).toBeLessThan(0.2);
  }
});

test('boosted trees do not run away from the purchase model, whatever they learned', () => {
  const contenders = growContenders(joinRows([customers(1000, 100, 1, 5000)], 1), 80, params);
  const boosted = contenders.filter(({ name }) => name === 'boosted');
  const later = customers(100, 100, 2);
  const [forecast] = boosted.map((contender) => forecastRows(contender, later, 0, 100));
  const ratios = forecast.map((value, row) => value / later.base[row]);
  expect(ratios.toSorted()[50]).toBeCloseTo(16, 9);
});

test('boosted trees that learned amounts, as models of early versions did, may forecast any amount', () => {
  const contenders = growContenders(joinRows([customers(1000, 100, 1, 5000)], 1), 80, params);
  const [boosted] = contenders.filter(({ name }) => name === 'boosted');
  const later = customers(100, 100, 2);
  const early = { ...boosted, target: { kind: 'identity' } } as typeof boosted;
  expect(forecastRows(early, later, 0, 100).toSorted()[50]).toBeGreaterThan(1000);
});

test('how good the months were for the shop, which trees learn from, is not in what they forecast', () => {
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const contendersOf = (...paces: number[]) => {
    const parts = paces.map((pace, i) => customers(1000, 100, i + 1, pace));
    const rows = joinRows(parts, 1);
    return growContenders(rows, 80, params);
  };
  const later = customers(1000, 100, 9);
  const [usual, good] = [contendersOf(1, 1), contendersOf(2.5, 1.5)].map((contenders) =>
    contenders.map((contender) => ({
      name: contender.name,
      total: total(forecastRows(contender, later, 0, 1000)),
    })),
  );
  good.forEach(({ name, total: forecast }, k) => {
    // The mean of the labels is what it says.
    const factor = name === 'mean' ? 2.5 : 1;
    expect(Math.abs(forecast / (factor * usual[k].total) - 1)).toBeLessThan(0.02);
  });
  for (const { name, total: forecast } of good.filter((it) => it.name !== 'mean'))
    expect(Math.abs(forecast / total(later.base) - 1), name).toBeLessThan(0.05);
});

test('what btyd misses lastingly is in what trees forecast', () => {
  const rows = joinRows([customers(1000, 100, 1, 0.5), customers(1000, 100, 2, 0.5)], 0.5);
  const later = customers(1000, 100, 9);
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const contenders = growContenders(rows, 80, params);
  for (const contender of contenders.filter(({ name }) =>
    ['forest', 'boosted', 'forest_btyd'].includes(name),
  ))
    expect(total(forecastRows(contender, later, 0, 1000)) / total(later.base), contender.name).toBeCloseTo(
      0.5,
      1,
    );
});

test('labels without a sum, or of whom nothing is expected, are left as they came; a stray order stays one', () => {
  const levelled = (labels: number[], forecast: number[], calibration = 1) => [
    ...scaleLabels(Float64Array.from(labels), Float64Array.from(forecast), calibration),
  ];
  expect(levelled([1, 3], [4, 4])).toEqual([2, 6]);
  expect(levelled([1, 3], [4, 4], 0.75)).toEqual([1.5, 4.5]);
  expect(levelled([0, -1], [4, 4])).toEqual([0, -1]);
  expect(levelled([1, 3], [0, 0])).toEqual([1, 3]);
  expect(levelled([0, 5], [500, 500])).toEqual([0, 20]);
  expect(levelled([200, 200], [1, 1])).toEqual([50, 50]);
});

test('boosted trees learn the ratio to what btyd forecasts, and take net returns for nothing', () => {
  const base = asSharedFloats(Float64Array.of(2, 2, 2));
  const labels = Float64Array.of(-5, 0.5, 3);
  const { target, weights } = boostedTarget(fitBoostedTarget({ base }, labels), labels, base);
  expect([...target]).toEqual([0, 0.25, 1.5]);
  expect(weights?.[0]).toBeCloseTo(Math.SQRT2, 12);
});

test('a leaf holds as many customers at several cutoffs as at one, and a row of each for every cutoff', () => {
  const parts = [1, 2, 3, 4].map((seed) => customers(300, 1000, seed));
  const plansOf = (rows: ReturnType<typeof joinRows>) =>
    planContenders(rows, binMatrix(rows.matrix, 255, 1), 80, params);
  const [one, four] = [plansOf(joinRows(parts.slice(0, 1), 1)), plansOf(joinRows(parts, 1))];
  expect(four.forest.params.minSamplesLeaf).toBe(4 * one.forest.params.minSamplesLeaf);
  expect(four.forestOnBtyd.params.rowsShare).toBeLessThan(one.forestOnBtyd.params.rowsShare);
  expect(four.forest.data.featureNames).toEqual(['revenue_sum', 'noise']);
  expect(four.boosted.data.featureNames).toHaveLength(6);
});
