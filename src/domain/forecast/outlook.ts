import { monthEndsInWeeks } from '../btyd/monthEnds.ts';
import { medianWeeksToNextOrder } from '../btyd/nextOrder.ts';
import { predictAlive, predictRevenuePath } from '../btyd/predictBtyd.ts';
import type { BtydSummary } from '../btyd/summary.ts';
import { addMonths } from '../calendar/dates.ts';
import type { DateWindow } from '../calendar/windows.ts';
import type { CustomersAt } from './customersAt.ts';
import type { Forecaster } from './forecaster.ts';
import type { ForecastIntervals } from './intervals/forecastIntervals.ts';
import { applyIntervals } from './intervals/intervals.ts';
import type { PurchaseModel } from './purchases/purchaseModel.ts';
import { revenueDistributionsOf } from './purchases/revenueDistributionsOf.ts';
import { type Season, seasonOfWindow } from './season/season.ts';
import { inSeasonalTime, toCalendarWeeks, toSeasonalWeeks } from './season/seasonalTime.ts';

/** What marketers act on, beside the CLV; one entry a customer, NaN where the model cannot say. */
export interface Outlook extends ForecastIntervals {
  /** Probability that the customer is still active at the cutoff. */
  readonly pAlive: Float64Array;
  /** Weeks after the cutoff by which half of the customers like this one, if active then, have ordered again; infinite where fewer ever do. */
  readonly weeksToNextOrder: Float64Array;
  /** Expected revenue by month of the window, in currency: `customers x months`, column-major; adds up to the CLV. */
  readonly monthly: Float64Array;
}

/**
 * The outlook of customers whose CLV is forecast. The CLV is spread over the months as purchase model and season expect it;
 * where there is no purchase model, or where it expects nothing of a customer, by the days of the months and the season.
 *
 * @param clv one number a customer, in currency.
 */
export function outlookOf(
  { btyd, activity, intervals, season }: Pick<Forecaster, 'btyd' | 'activity' | 'intervals' | 'season'>,
  { summary, window }: Pick<CustomersAt, 'summary' | 'window'>,
  clv: Float64Array,
): Outlook {
  const monthEnds = monthEndsInWeeks(window);
  const factors = monthEnds.map((_, month) => seasonOfMonth(season, window, month));
  const shareOfDays = monthEnds.map((end, month) => factors[month] * (end - (monthEnds[month - 1] ?? 0)));
  const path = btyd === null ? null : revenuePath(btyd, summary, { window, monthEnds, factors });
  const knowing = activity ?? btyd;
  const unknown = (): Float64Array => new Float64Array(clv.length).fill(Number.NaN);
  const distributions =
    btyd === null || intervals?.kind !== 'levels' ? null : revenueDistributionsOf(btyd, { summary, window });
  return {
    ...(intervals === null
      ? { p10: unknown(), p50: unknown(), p90: unknown() }
      : applyIntervals(intervals, clv, distributions)),
    ...(knowing === null
      ? { pAlive: unknown(), weeksToNextOrder: unknown() }
      : whoIsActive(knowing, { summary, window })),
    monthly: spread(clv, shareOfDays, path),
  };
}

/** The months of a prediction window: their ends in calendar weeks after its start, and their seasonal factors. */
interface MonthsAhead {
  readonly window: DateWindow;
  readonly monthEnds: readonly number[];
  readonly factors: readonly number[];
}

/** What a purchase model expects of customers by month, in currency: `customers x months`, column-major. */
function revenuePath(
  { model, season }: PurchaseModel,
  customers: BtydSummary,
  { window, monthEnds, factors }: MonthsAhead,
): Float64Array {
  const summary = inSeasonalTime(customers, season, window.start);
  const path = predictRevenuePath(model, summary, toSeasonalWeeks(monthEnds, season, window.start));
  const rows = customers.ageWeeks.length;
  // The purchase models of older files count in calendar time: the season comes on top.
  return season === null ? path.map((value, i) => value * factors[Math.floor(i / rows)]) : path;
}

function whoIsActive(
  { model, season }: PurchaseModel,
  { summary, window }: Pick<CustomersAt, 'summary' | 'window'>,
): Pick<Outlook, 'pAlive' | 'weeksToNextOrder'> {
  const customers = inSeasonalTime(summary, season, window.start);
  return {
    pAlive: predictAlive(model, customers),
    weeksToNextOrder: toCalendarWeeks(medianWeeksToNextOrder(model, customers), season, window.start),
  };
}

/** The factor of one month of the window; the last may be shorter than a month. */
function seasonOfMonth(season: Season | null, { start, end }: DateWindow, month: number): number {
  const next = addMonths(start, month + 1);
  return seasonOfWindow(season, { start: addMonths(start, month), end: next < end ? next : end });
}

/**
 * The CLV of each customer by month: `customers x months`, column-major.
 *
 * @param shareOfDays of each month, season included. @param path what a purchase model expects of each customer in each.
 */
function spread(clv: Float64Array, shareOfDays: readonly number[], path: Float64Array | null): Float64Array {
  const customers = clv.length;
  const monthly = new Float64Array(customers * shareOfDays.length);
  for (let row = 0; row < customers; row++) {
    const expected = shareOfDays.map((_, month) => path?.[month * customers + row] ?? 0);
    const isExpected = expected.some((value) => value > 0);
    const shares = isExpected ? expected : shareOfDays;
    const whole = shares.reduce((sum, share) => sum + share, 0);
    for (let month = 0; month < shares.length; month++)
      monthly[month * customers + row] = (clv[row] * shares[month]) / whole;
  }
  return monthly;
}
