import { describe, expect, test } from 'vitest';
import { predictBtyd } from '../../../src/domain/btyd/predictBtyd.ts';
import { addDays, toEpochDay } from '../../../src/domain/calendar/dates.ts';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { btydForecast } from '../../../src/domain/forecast/contenders/btydForecast.ts';
import { outlookOf } from '../../../src/domain/forecast/outlook.ts';
import { fitPurchaseModel } from '../../../src/domain/forecast/purchases/purchaseModel.ts';
import { factorsOfDays, type Season } from '../../../src/domain/forecast/season/season.ts';
import { inSeasonalTime, toCalendarWeeks } from '../../../src/domain/forecast/season/seasonalTime.ts';
import { Random } from '../../../src/domain/random.ts';
import { exponential, gamma } from '../../../src/domain/sample/distributions.ts';
import { simulateCustomers, summaryOf } from '../btyd/simulateCustomers.ts';

const CUTOFF = '2026-01-01';
const TRUTH = { r: 0.6, alpha: 5, a: 0.8, b: 2.5, p: 5, q: 3.5, v: 20 };
/** November and December bring three times the orders of other months. */
const season: Season = {
  anchor: CUTOFF,
  shift: null,
  index: [...new Array<number>(10).fill(0.75), 2.25, 2.25],
};

describe('seasonal time', () => {
  test('counts a day as the factor of its month, and observation ends with the day before the cutoff', () => {
    // 30 days of December before the last one observed; then all of November, 10 days of October.
    const customers = summaryOf([
      [2, 10 / 7, 30 / 7, 5],
      [0, 0, 70 / 7],
      [1, 70 / 7, 70 / 7, 5],
      [0, 0, 0],
    ]);
    const { ageWeeks, recencyWeeks, ...others } = inSeasonalTime(customers, season, CUTOFF);
    const whole = (60 * 2.25 + 10 * 0.75) / 7;
    expect([...ageWeeks]).toEqual([expect.closeTo((30 * 2.25) / 7, 9), whole, whole, 0]);
    expect([...recencyWeeks]).toEqual([expect.closeTo((10 * 2.25) / 7, 9), 0, whole, 0]);
    expect(others.repeatPurchases).toBe(customers.repeatPurchases);
    expect(inSeasonalTime(customers, null, CUTOFF)).toBe(customers);
  });

  test('turns back into the calendar, over any number of years', () => {
    const calendar = toCalendarWeeks(Float64Array.of(0, 0.75, 100, 5000, 1e9, Infinity), season, CUTOFF);
    expect(calendar[0]).toBe(0);
    expect(calendar[1]).toBeCloseTo(1, 9);
    for (const [weeks, days] of [
      [100, Math.floor(7 * calendar[2])],
      [5000, Math.floor(7 * calendar[3])],
    ]) {
      const passed = factorsOfDays(season, { start: CUTOFF, end: addDays(CUTOFF, days) });
      const sum = passed.reduce((total, factor) => total + factor, 0);
      expect(sum).toBeLessThanOrEqual(7 * weeks + 1e-6);
      expect(sum).toBeGreaterThan(7 * weeks - 2.25);
    }
    expect([...calendar.slice(4)]).toEqual([1e9, Infinity]);
    const weeks = Float64Array.of(3);
    expect(toCalendarWeeks(weeks, null, CUTOFF)).toBe(weeks);
  });

  test('has a purchase model expect after the holidays what comes, and not what the holidays promised', () => {
    const AHEAD = 26;
    const { summary, ahead } = simulateHolidays(6000, AHEAD);
    const expected = (time: Season | null): number => {
      const btyd = fitPurchaseModel(summary, time, CUTOFF);
      if (btyd === null) throw new Error('no purchase model');
      const { expectedPurchases } = predictBtyd(btyd.model, inSeasonalTime(summary, time, CUTOFF), AHEAD);
      return expectedPurchases.reduce((sum, purchases) => sum + purchases, 0) / ahead;
    };
    expect(Math.abs(expected(season) - 1)).toBeLessThan(0.04);
    expect(expected(null)).toBeGreaterThan(1.1);
  });

  test('makes a window of busy months longer, and drop-out with it: twice the orders are not twice the revenue', () => {
    const window = { start: '2026-11-01', end: '2027-01-01' };
    const days = 61;
    const customers = simulateCustomers(500, TRUTH, 60, 5);
    const btyd = fitPurchaseModel(customers, season, window.start);
    const matrix = allocateMatrix(['revenue_sum'], 500);
    const { base } = btydForecast(btyd, {
      matrix,
      summary: customers,
      window,
      months: { historyMonths: 12, predMonths: 2 },
    });
    if (btyd === null) throw new Error('no purchase model');
    const past = inSeasonalTime(customers, season, window.start);
    const [asLong, usual] = [2.25, 1].map(
      (factor) => predictBtyd(btyd.model, past, (factor * days) / 7).expectedClv,
    );
    base.forEach((value, row) => {
      expect(2.25 * value).toBeCloseTo(asLong[row], 9);
      if (usual[row] > 0) expect(value).toBeLessThan(usual[row]);
    });
    const monthly = outlookOf(
      { btyd, activity: null, season, intervals: null },
      { summary: customers, window },
      asLong,
    ).monthly;
    const first = predictBtyd(btyd.model, past, (2.25 * 30) / 7).expectedClv;
    for (let row = 0; row < 500; row++) expect(monthly[row]).toBeCloseTo(first[row], 6);
  });
});

/**
 * Customers who came on any day of the year and a half before the cutoff, buy by the season and drop out after some
 * purchase; and all their purchases in the weeks after the cutoff, had those been usual ones.
 */
function simulateHolidays(customers: number, weeksAhead: number) {
  const random = new Random(12);
  const DAYS = 540;
  const first = addDays(CUTOFF, -DAYS);
  const factors = factorsOfDays(season, { start: first, end: CUTOFF });
  const rows: number[][] = [];
  let ahead = 0;
  for (let i = 0; i < customers; i++) {
    const rate = (0.8 * gamma(random, 0.9)) / 7;
    const dropout = 0.15 * random.uniform();
    const came = random.below(DAYS);
    let [x, last, wait, isAlive] = [0, came, exponential(random) / rate, random.uniform() >= dropout];
    for (let day = came + 1; isAlive && day < DAYS + 7 * weeksAhead; day++) {
      wait -= factors[day] ?? 1;
      if (wait > 0) continue;
      wait = exponential(random) / rate;
      isAlive = random.uniform() >= dropout;
      if (day >= DAYS) ahead++;
      else [x, last] = [x + 1, day];
    }
    rows.push([
      x,
      (last - came) / 7,
      (toEpochDay(CUTOFF) - 1 - toEpochDay(first) - came) / 7,
      x > 0 ? 20 : Number.NaN,
      20,
    ]);
  }
  return { summary: summaryOf(rows), ahead };
}
