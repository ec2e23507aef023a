import { describe, expect, test } from 'vitest';
import { fitActivity } from '../../../src/domain/btyd/fitActivity.ts';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { medianWeeksToNextOrder } from '../../../src/domain/btyd/nextOrder.ts';
import { predictAlive } from '../../../src/domain/btyd/predictBtyd.ts';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
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
    const season = { anchor: '2026-07-01', index };
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
    const quiet = { anchor: '2026-07-01', index: [0.5, 0.5, 0.5, ...new Array<number>(9).fill(10.5 / 9)] };
    const usual = { anchor: '2026-07-01', index: new Array<number>(12).fill(1) };
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
});
