import { describe, expect, test } from 'vitest';
import { fitActivity } from '../../../src/domain/btyd/fitActivity.ts';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { medianWeeksToNextOrder } from '../../../src/domain/btyd/nextOrder.ts';
import { predictAlive, predictRevenuePath } from '../../../src/domain/btyd/predictBtyd.ts';
import { predictRevenueDistributions } from '../../../src/domain/btyd/revenueDistributions.ts';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { boundsByLevels } from '../../../src/domain/forecast/intervals/intervalLevels.ts';
import { outlookOf } from '../../../src/domain/forecast/outlook.ts';

const summary = {
  repeatPurchases: Float64Array.of(0, 2, 1, 9),
  recencyWeeks: Float64Array.of(0, 10, 3, 20),
  ageWeeks: Float64Array.of(10, 12, 30, 21),
  meanRepeatValue: Float64Array.of(Number.NaN, 10, 20, 15),
  firstValue: Float64Array.of(12, 11, 18, 15),
};
const customers = {
  matrix: allocateMatrix([], 4),
  summary,
  window: { start: '2026-07-01', end: '2026-10-01' },
};
const MONTHS = 3;
const clv = Float64Array.of(30, 0, 12, 240);

function monthsOf(monthly: Float64Array, row: number): number[] {
  return Array.from({ length: MONTHS }, (_, month) => monthly[month * clv.length + row]);
}

describe('an outlook', () => {
  test('spreads the CLV over the months as purchases are expected, and loses nothing', () => {
    const btyd = { model: fitBtyd(summary), season: null };
    const { monthly, pAlive, weeksToNextOrder } = outlookOf(
      { btyd, activity: null, intervals: null, season: null },
      customers,
      clv,
    );
    clv.forEach((value, row) => {
      const months = monthsOf(monthly, row);
      expect(months.reduce((sum, month) => sum + month, 0)).toBeCloseTo(value, 9);
      // Customers drop out, so every month is expected to bring less than the one before.
      if (value > 0) expect(months).toEqual(months.toSorted((a, b) => b - a));
    });
    for (const p of pAlive) expect(p >= 0 && p <= 1).toBe(true);
    expect(weeksToNextOrder[3]).toBeLessThan(weeksToNextOrder[0]);
  });

  test('without a purchase model has equal days, and says nothing of what it cannot know', () => {
    const outlook = outlookOf({ btyd: null, activity: null, intervals: null, season: null }, customers, clv);
    [31, 31, 30].forEach((days, month) => {
      expect(monthsOf(outlook.monthly, 0)[month]).toBeCloseTo((30 * days) / 92, 12);
    });
    for (const unknown of [outlook.p10, outlook.p50, outlook.p90, outlook.pAlive, outlook.weeksToNextOrder])
      expect(unknown.every(Number.isNaN)).toBe(true);
  });

  test('takes from the model of activity who is still active and orders when, and nothing else', () => {
    const model = fitBtyd(summary);
    const activity = { model: fitActivity(model, summary), season: null };
    const before = { btyd: { model, season: null }, activity: null, intervals: null, season: null };
    const [without, outlook] = [before, { ...before, activity }].map((it) => outlookOf(it, customers, clv));
    expect(outlook.monthly).toEqual(without.monthly);
    expect(outlook.pAlive).toEqual(predictAlive(activity.model, summary));
    expect(outlook.weeksToNextOrder).toEqual(medianWeeksToNextOrder(activity.model, summary));
    expect([without.pAlive[0] === 1, outlook.pAlive[0] < 1]).toEqual([true, true]);
  });

  test('follows the season, with a purchase model and without, and loses nothing', () => {
    const index = [0.5, 1, 1.5, ...new Array<number>(9).fill(1)];
    const season = { anchor: '2026-07-01', index, shift: null };
    for (const btyd of [{ model: fitBtyd(summary), season: null }, null]) {
      const usual = outlookOf({ btyd, activity: null, intervals: null, season: null }, customers, clv);
      const seasonal = outlookOf({ btyd, activity: null, intervals: null, season }, customers, clv);
      const [before, after] = [usual, seasonal].map(({ monthly }) => monthsOf(monthly, 3));
      expect(after.reduce((sum, month) => sum + month, 0)).toBeCloseTo(240, 9);
      // The second month is a usual one: the others are read against it.
      for (const month of [0, 2])
        expect(after[month] / after[1]).toBeCloseTo((index[month] * before[month]) / before[1], 9);
    }
  });

  test('counts the weeks to the next order in days of the calendar, which a quiet season has more of', () => {
    const quiet = {
      anchor: '2026-07-01',
      index: [0.5, 0.5, 0.5, ...new Array<number>(9).fill(10.5 / 9)],
      shift: null,
    };
    const usual = { anchor: '2026-07-01', index: new Array<number>(12).fill(1), shift: null };
    const model = fitBtyd(summary);
    const [before, after] = [usual, quiet].map((season) =>
      outlookOf({ btyd: { model, season }, activity: null, intervals: null, season }, customers, clv),
    );
    // The last customer buys every other week: in quiet months in twice the days, and his age is what it was.
    const longAgo = outlookOf(
      { btyd: { model, season: null }, activity: null, intervals: null, season: null },
      customers,
      clv,
    );
    expect(before.weeksToNextOrder).toEqual(longAgo.weeksToNextOrder);
    expect(after.weeksToNextOrder[3] / before.weeksToNextOrder[3]).toBeGreaterThan(1.9);
    expect(after.pAlive.every((p) => p > 0 && p <= 1)).toBe(true);
  });

  test('spreads the CLV by days where the purchase model expects nothing', () => {
    // He ordered every few hours, and then not for nine years: no double holds a chance so small that he comes back.
    const gone = {
      repeatPurchases: 900,
      recencyWeeks: 10,
      ageWeeks: 500,
      meanRepeatValue: 20,
      firstValue: 20,
    };
    const model = fitBtyd(summary);
    const withHim = {
      ...customers,
      matrix: allocateMatrix([], 5),
      summary: {
        repeatPurchases: Float64Array.of(...summary.repeatPurchases, gone.repeatPurchases),
        recencyWeeks: Float64Array.of(...summary.recencyWeeks, gone.recencyWeeks),
        ageWeeks: Float64Array.of(...summary.ageWeeks, gone.ageWeeks),
        meanRepeatValue: Float64Array.of(...summary.meanRepeatValue, gone.meanRepeatValue),
        firstValue: Float64Array.of(...summary.firstValue, gone.firstValue),
      },
    };
    const { monthly, pAlive } = outlookOf(
      { btyd: { model, season: null }, activity: null, intervals: null, season: null },
      withHim,
      Float64Array.of(...clv, 184),
    );
    expect(pAlive[4]).toBe(0);
    [31, 31, 30].forEach((days, month) => {
      expect(monthly[month * 5 + 4]).toBeCloseTo(2 * days, 9);
    });
  });

  test('counts past and future in seasonal time: quiet months made customers older by half', () => {
    // The histories lie in the seven months from December to June, and the window in the five others.
    const busy = 8.5 / 5;
    const season = {
      anchor: '2026-07-01',
      shift: null,
      index: [...new Array<number>(5).fill(busy), ...new Array<number>(7).fill(0.5)],
    };
    const model = fitBtyd(summary);
    const outlook = outlookOf(
      { btyd: { model, season }, activity: null, intervals: null, season },
      customers,
      clv,
    );
    const halved = {
      ...summary,
      recencyWeeks: summary.recencyWeeks.map((weeks) => weeks / 2),
      ageWeeks: summary.ageWeeks.map((weeks) => weeks / 2),
    };
    const alive = predictAlive(model, halved);
    const weeks = medianWeeksToNextOrder(model, halved);
    const path = predictRevenuePath(
      model,
      halved,
      [31, 62, 92].map((days) => (busy * days) / 7),
    );
    clv.forEach((value, row) => {
      expect(outlook.pAlive[row]).toBeCloseTo(alive[row], 9);
      const expected = monthsOf(path, row);
      const whole = expected.reduce((sum, month) => sum + month, 0);
      for (const month of [0, 1, 2])
        expect(monthsOf(outlook.monthly, row)[month]).toBeCloseTo((value * expected[month]) / whole, 9);
    });
    // He orders again within the busy months.
    expect(7 * outlook.weeksToNextOrder[3]).toBeLessThan(153);
    expect(outlook.weeksToNextOrder[3]).toBeCloseTo(weeks[3] / busy, 9);
  });

  test('has the bounds of the distributions of the purchase model, and none without it', () => {
    const model = fitBtyd(summary);
    const intervals = {
      kind: 'levels',
      sizes: [1],
      low: [0.1],
      middle: [0.5],
      high: [0.9],
      highFromZero: [0.8],
      highOfIdle: [0.7],
    } as const;
    const boundsOf = (btyd: { model: typeof model; season: null } | null) => {
      const { p10, p50, p90 } = outlookOf({ btyd, activity: null, intervals, season: null }, customers, clv);
      return { p10, p50, p90 };
    };
    const distributions = predictRevenueDistributions(model, summary, 92 / 7);
    const expected = boundsByLevels(intervals, clv, distributions);
    expect(expected.p90[3]).toBeGreaterThan(expected.p10[3]);
    expect(boundsOf({ model, season: null })).toEqual(expected);
    for (const bounds of Object.values(boundsOf(null))) expect(bounds.every(Number.isNaN)).toBe(true);
  });
});
