import { monthEndsInWeeks } from '../btyd/monthEnds.ts';
import { medianWeeksToNextOrder } from '../btyd/nextOrder.ts';
import { predictBtyd, predictRevenuePath } from '../btyd/predictBtyd.ts';
import type { BtydSummary } from '../btyd/summary.ts';
import { addMonths } from '../calendar/dates.ts';
import { type DateWindow, windowDays } from '../calendar/windows.ts';
import type { CustomersAt } from './customersAt.ts';
import type { Forecaster } from './forecaster.ts';
import { applyIntervals, type ForecastIntervals } from './intervals.ts';
import type { PurchaseModel } from './purchaseModel.ts';
import { type Season, seasonOfWindow } from './season.ts';
import { inSeasonalTime, toCalendarWeeks } from './seasonalTime.ts';

/** What marketers act on, beside the CLV; one entry a customer, NaN where the model says nothing of it. */
export interface Outlook extends ForecastIntervals {
  /** Probability that the customer is still active at the cutoff. */
  readonly pAlive: Float64Array;
  /** Weeks after the cutoff by which half of such customers, if active, have ordered again. */
  readonly weeksToNextOrder: Float64Array;
  /** Expected revenue by month of the window, in currency: `customers x months`, column-major; adds up to the CLV. */
  readonly monthly: Float64Array;
}

/**
 * The outlook of customers whose CLV is forecast.
 *
 * @param clv one number a customer, in currency.
 *   It is spread over the months as purchase model and season expect it; where there is no purchase model, or where it
 *   expects nothing, over the days and by the season alone.
 */
export function outlookOf(
  { btyd, intervals, season }: Pick<Forecaster, 'btyd' | 'intervals' | 'season'>,
  { summary, window }: Pick<CustomersAt, 'summary' | 'window'>,
  clv: Float64Array,
): Outlook {
  const monthEnds = monthEndsInWeeks(window);
  const months = monthEnds.map((end, month) => ({
    weeks: end - (monthEnds[month - 1] ?? 0),
    factor: seasonOfMonth(season, window, month),
  }));
  const purchases = btyd === null ? null : purchasesAhead(btyd, summary, { window, monthEnds });
  const unknown = (): Float64Array => new Float64Array(clv.length).fill(Number.NaN);
  return {
    ...(intervals === null
      ? { p10: unknown(), p50: unknown(), p90: unknown() }
      : applyIntervals(intervals, clv)),
    pAlive: purchases?.pAlive ?? unknown(),
    weeksToNextOrder: purchases?.weeksToNextOrder ?? unknown(),
    monthly: spread(clv, months, purchases?.path ?? null),
  };
}

/** What a purchase model expects of customers: `path` of usual months, weeks of the calendar. */
function purchasesAhead(
  { model, season }: PurchaseModel,
  customers: BtydSummary,
  { window, monthEnds }: { readonly window: DateWindow; readonly monthEnds: readonly number[] },
): Pick<Outlook, 'pAlive' | 'weeksToNextOrder'> & { readonly path: Float64Array } {
  const summary = inSeasonalTime(customers, season, window.start);
  const factors = monthEnds.map((_, month) => seasonOfMonth(season, window, month));
  let seasonalEnd = 0;
  const seasonalEnds = monthEnds.map((end, month) => {
    seasonalEnd += factors[month] * (end - (monthEnds[month - 1] ?? 0));
    return seasonalEnd;
  });
  const path = predictRevenuePath(model, summary, seasonalEnds);
  return {
    path: path.map((value, at) => value / factors[Math.floor(at / summary.ageWeeks.length)]),
    pAlive: predictBtyd(model, summary, windowDays(window) / 7).pAlive,
    weeksToNextOrder: toCalendarWeeks(medianWeeksToNextOrder(model, summary), season, window.start),
  };
}

/** The factor of one month of the window; the last may be shorter than a month. */
function seasonOfMonth(season: Season | null, { start, end }: DateWindow, month: number): number {
  const next = addMonths(start, month + 1);
  return seasonOfWindow(season, { start: addMonths(start, month), end: next < end ? next : end });
}

/** @param months their lengths and factors. @param path what the purchase model expects, season aside. */
function spread(
  clv: Float64Array,
  months: readonly { readonly weeks: number; readonly factor: number }[],
  path: Float64Array | null,
): Float64Array {
  const customers = clv.length;
  const shareOfDays = months.map(({ weeks, factor }) => weeks * factor);
  const monthly = new Float64Array(customers * months.length);
  for (let row = 0; row < customers; row++) {
    const expected = months.map(({ factor }, month) => factor * (path?.[month * customers + row] ?? 0));
    const isExpected = expected.some((value) => value > 0);
    const shares = isExpected ? expected : shareOfDays;
    const whole = shares.reduce((sum, share) => sum + share, 0);
    for (let month = 0; month < months.length; month++)
      monthly[month * customers + row] = (clv[row] * shares[month]) / whole;
  }
  return monthly;
}
