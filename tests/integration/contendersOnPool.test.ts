import { afterAll, expect, test } from 'vitest';
import { growBooster } from '../../src/domain/boosting/growBooster.ts';
import { pickCustomers } from '../../src/domain/btyd/summary.ts';
import { predictionWindow } from '../../src/domain/calendar/windows.ts';
import { rmseOf } from '../../src/domain/evaluation/metrics.ts';
import { evenRows } from '../../src/domain/features/evenRows.ts';
import { allocateMatrix, pickRows } from '../../src/domain/features/matrix.ts';
import { learnCalibration } from '../../src/domain/forecast/combination/learnCalibration.ts';
import { btydForecast } from '../../src/domain/forecast/contenders/btydForecast.ts';
import { CONTENDERS } from '../../src/domain/forecast/contenders/contender.ts';
import { boostedParams } from '../../src/domain/forecast/contenders/contenderParams.ts';
import {
  boostedTarget,
  joinRows,
  planContenders,
} from '../../src/domain/forecast/contenders/contenderPlans.ts';
import { forecastRows } from '../../src/domain/forecast/contenders/forecastRows.ts';
import { growContenders } from '../../src/domain/forecast/contenders/growContenders.ts';
import { rateForecast } from '../../src/domain/forecast/contenders/naiveRate.ts';
import { scaleLabels } from '../../src/domain/forecast/contenders/scaleLabels.ts';
import { seasonallyAdjusted } from '../../src/domain/forecast/contenders/seasonallyAdjusted.ts';
import { fitPurchaseModel } from '../../src/domain/forecast/purchases/purchaseModel.ts';
import { type Season, seasonOfWindow } from '../../src/domain/forecast/season/season.ts';
import { completeForestParams } from '../../src/domain/forest/params.ts';
import { Random } from '../../src/domain/random.ts';
import { asSharedFloats } from '../../src/domain/sharedFloats.ts';
import { forecastContenders } from '../../workers/compute/forecastContenders.ts';
import { measureImportances } from '../../workers/compute/measureImportances.ts';
import { predictClv } from '../../workers/compute/predictClv.ts';
import { findBoostedTrees, fitContenders } from '../../workers/modelBuild/tournament/fitContenders.ts';
import { learnedRows, rowsAt } from '../../workers/modelBuild/tournament/learnedRows.ts';
import type { ShopAtCutoffs } from '../../workers/modelBuild/tournament/shopAtCutoffs.ts';
import { createComputePool } from '../../workers/pool.ts';

const pool = createComputePool({ threads: 2 });
afterAll(() => pool.close());

const ROWS = 400;
const TREES = 12;
const windows = { historyMonths: 12, predMonths: 6 };
const params = { forest: completeForestParams({ trees: 15, seed: 5 }), winsorise: 0.99 };

/** Customers at a cutoff, drawn anew for each. */
function customersAt(cutoff: string) {
  const random = new Random(Number(cutoff.replaceAll('-', '')));
  const matrix = allocateMatrix(['revenue_sum', 'recency_days'], ROWS);
  const labels = new Float64Array(new SharedArrayBuffer(8 * ROWS));
  const repeatPurchases = Float64Array.from({ length: ROWS }, () => random.below(9));
  for (let row = 0; row < ROWS; row++) {
    matrix.values[row] = Math.exp(4 + random.normal());
    matrix.values[ROWS + row] = random.below(360);
    labels[row] = random.uniform() < 0.4 ? 0 : 0.5 * matrix.values[row] * Math.exp(0.5 * random.normal());
  }
  const summary = {
    repeatPurchases,
    recencyWeeks: repeatPurchases.map((count) => (count === 0 ? 0 : 20 + random.below(30))),
    ageWeeks: new Float64Array(ROWS).fill(52),
    meanRepeatValue: repeatPurchases.map((count) => (count === 0 ? Number.NaN : 5 + random.below(90))),
    firstValue: repeatPurchases.map(() => 5 + random.below(90)),
  };
  return { matrix, labels, summary, window: predictionWindow(cutoff, windows.predMonths), months: windows };
}

/** July has twice the orders of June. */
const season: Season = {
  anchor: '2025-07-01',
  shift: null,
  index: [16, ...new Array<number>(10).fill(10), 8].map((it) => it / (124 / 12)),
};

const shop: ShopAtCutoffs = {
  openingDate: '2024-10-01',
  historyMonths: windows.historyMonths,
  labelled: async (cutoff) => customersAt(cutoff),
  spent: async (cutoff, months) => customersAt(cutoff).labels.map((label) => (label * months) / 6),
  purchaseModel: async (cutoff, season) => fitPurchaseModel(customersAt(cutoff).summary, season, cutoff),
  activityModel: async () => null,
  season: async () => season,
};

test('contenders that are grown on the pool, and forecast on it, are those of one thread', async () => {
  const { signal } = new AbortController();
  const moment = { end: '2025-07-01', predMonths: windows.predMonths, season };
  const learnedAt = await learnedRows(shop, moment, params, { pool, signal });
  const fitted = await fitContenders(shop, learnedAt, params, TREES, { pool, signal });
  expect(fitted.cutoffs).toEqual(['2025-01-01']);

  const learned = customersAt('2025-01-01');
  const { matrix, base } = btydForecast(fitPurchaseModel(learned.summary, season, '2025-01-01'), learned);
  const rate = rateForecast(matrix, windows);
  const labels = seasonallyAdjusted(learned.labels, learned.window, season);
  const { predMonths } = windows;
  const calibration = learnCalibration([{ predicted: base, actual: labels }], {
    months: predMonths,
    predMonths,
    season,
  });
  expect(calibration).not.toBe(1);
  const rows = joinRows([{ matrix, labels, base, rate }], calibration);
  const alone = growContenders(rows, TREES, params);
  expect(fitted.contenders).toEqual(alone);
  expect(alone.map(({ name }) => name)).toEqual(CONTENDERS.map(({ name }) => name));

  const later = customersAt('2025-07-01');
  const forecasts = await forecastContenders(pool, fitted, later);
  const inputs = btydForecast(fitPurchaseModel(later.summary, season, '2025-07-01'), later);
  const laterRate = rateForecast(inputs.matrix, windows);
  const factor = seasonOfWindow(season, later.window);
  expect(factor).toBeGreaterThan(1.05);
  alone.forEach((contender, k) => {
    const own = forecastRows(contender, { ...inputs, rate: laterRate }, 0, ROWS);
    expect(forecasts[k]).toEqual(own.map((value) => factor * value));
    expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
  });
});

test('nothing is learned from cutoffs at which the shop had hardly any customers', async () => {
  const closed: ShopAtCutoffs = {
    ...shop,
    openingDate: '2024-01-01',
    labelled: async (cutoff) => {
      const customers = customersAt(cutoff);
      if (cutoff >= '2024-08-01') return customers;
      const few = evenRows(ROWS, cutoff >= '2024-06-01' ? 4 : 3);
      const { matrix, summary, labels } = customers;
      return {
        ...customers,
        matrix: pickRows(matrix, few),
        summary: pickCustomers(summary, few),
        labels: asSharedFloats(labels.slice(0, few.length)),
      };
    },
  };
  const moment = { end: '2025-07-01', predMonths: windows.predMonths, season };
  const learn = learnedRows(closed, moment, params, { pool, signal: new AbortController().signal });
  // One of a hundred customers is enough.
  expect((await learn).cutoffs).toEqual(['2025-01-01', '2024-11-01', '2024-09-01', '2024-07-01']);
});

test('a shop that has just opened is learned from after three months, by labels of fewer months', async () => {
  const young: ShopAtCutoffs = { ...shop, openingDate: '2024-12-01' };
  const moment = { end: '2025-07-01', predMonths: windows.predMonths, season: null };
  const context = { pool, signal: new AbortController().signal };
  const learnedAt = await learnedRows(young, moment, params, context);
  expect(learnedAt.cutoffs).toEqual(['2025-03-01']);
  // Customers spend as much in each month: the labels are as if they were of six.
  const { labels } = await rowsAt(young, '2025-03-01', moment, context);
  const few = await rowsAt(young, '2025-03-01', moment, context, 4);
  few.labels.forEach((label, row) => {
    expect(label).toBeCloseTo(labels[row], 9);
  });
});

test('as many trees are boosted as are best for what the boosted contender learns, largest labels cut', async () => {
  const context = { pool, signal: new AbortController().signal };
  const moment = { end: '2025-07-01', predMonths: windows.predMonths, season };
  const cut = { ...params, winsorise: 0.7 };
  const learnedAt = await learnedRows(shop, moment, cut, context);
  const later = await rowsAt(shop, moment.end, moment, context);
  const grown = (winsorise: number | null) => {
    const { rows, binned } = learnedAt;
    const { boosted } = planContenders(rows, binned, TREES, { ...params, winsorise });
    const labels = scaleLabels(later.labels, later.base, rows.calibration);
    const { booster } = growBooster(binned, boosted.target, boostedParams(null, 1, params.forest), {
      weights: boosted.weights,
      validation: { data: later.matrix, ...boostedTarget(boosted.form, labels, later.base) },
    });
    return booster.treeOffsets.length - 1;
  };
  expect(grown(0.7)).not.toBe(grown(null));
  expect(await findBoostedTrees(shop, learnedAt, cut, context)).toBe(grown(0.7));
});

/** A quarter of the mean and three of the rate. */
const forecaster = {
  ...windows,
  btyd: null,
  activity: null,
  contenders: [{ name: 'mean', value: 10 } as const, { name: 'rate' } as const],
  stack: {
    bulk: [0.25, 0.75],
    largest: [1, 0],
    gauge: [0, 1],
    reach: null,
    passesFrom: Number.MAX_VALUE,
    passesTo: Number.MAX_VALUE,
    beyond: null,
  },
  season,
  calibration: 1.5,
  intervals: null,
  totalSpread: null,
};

test('the forecast of a model is that of its contenders by their weights, times its calibration and its season', async () => {
  const customers = customersAt('2025-07-01');
  const rate = rateForecast(customers.matrix, windows);
  const factor = seasonOfWindow(season, customers.window);
  const predicted = await predictClv(pool, forecaster, customers);
  predicted.forEach((value, row) => {
    expect(value).toBeCloseTo(1.5 * factor * (0.25 * 10 + 0.75 * rate[row]), 9);
  });
});

test('a feature matters as much as the error of the whole model rises without its true values', async () => {
  const customers = customersAt('2025-07-01');
  // Measured on its own forecast a model makes no error, so that all of the error comes from the shuffled feature.
  const labels = await predictClv(pool, forecaster, customers);
  const shuffles = { seed: 3 };
  const [revenue, recency] = await measureImportances(pool, forecaster, { ...customers, labels }, shuffles);
  expect(recency).toEqual({ feature: 'recency_days', rmseRise: 0, spread: 0 });
  const mean = labels.reduce((sum, label) => sum + label, 0) / ROWS;
  const deviation = rmseOf(new Float64Array(ROWS).fill(mean), labels);
  // The forecast of somebody else differs from one's own by the spread of both.
  expect(revenue.feature).toBe('revenue_sum');
  expect(revenue.rmseRise / (Math.SQRT2 * deviation)).toBeCloseTo(1, 1);
  expect(revenue.spread).toBeGreaterThan(0);
  expect(await measureImportances(pool, forecaster, { ...customers, labels }, shuffles)).toEqual([
    revenue,
    recency,
  ]);
});

test('the purchase model matters as a whole to a model that follows it', async () => {
  const customers = customersAt('2025-07-01');
  const btyd = fitPurchaseModel(customers.summary, season, '2025-07-01');
  const follower = {
    ...forecaster,
    btyd,
    contenders: [{ name: 'btyd' } as const, { name: 'rate' } as const],
  };
  const labels = await predictClv(pool, follower, customers);
  const importances = await measureImportances(pool, follower, { ...customers, labels }, { seed: 3 });
  expect(importances.map(({ feature }) => feature)).toEqual(['revenue_sum', 'recency_days', 'btyd']);
  const [, recency, purchases] = importances;
  expect(recency.rmseRise).toBe(0);
  expect(purchases.rmseRise).toBeGreaterThan(0);
});

test('of more rows than are asked for, some are taken that are spread over all of them', () => {
  expect([...evenRows(10, 4)]).toEqual([0, 2, 5, 7]);
  expect([...evenRows(3, 4)]).toEqual([0, 1, 2]);
  const { matrix } = customersAt('2025-07-01');
  const taken = pickRows(matrix, Uint32Array.of(7, 399));
  expect([...taken.values]).toEqual([7, 399, ROWS + 7, ROWS + 399].map((at) => matrix.values[at]));
});
