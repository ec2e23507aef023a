import { medianWeeksToNextOrder } from '../btyd/nextOrder.ts';
import { predictBtyd, predictRevenuePath } from '../btyd/predictBtyd.ts';
import type { CustomersAt } from './customersAt.ts';
import type { Forecaster } from './forecaster.ts';
import { applyIntervals, type ForecastIntervals } from './intervals.ts';

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
 * @param monthEnds of the window in weeks, see `monthEndsInWeeks`. Revenue is spread over the months as the purchase
 *   model expects it; evenly over the days where there is none, or where it expects nothing.
 */
export function outlookOf(
  { btyd, intervals }: Pick<Forecaster, 'btyd' | 'intervals'>,
  { summary, weeksAhead }: Pick<CustomersAt, 'summary' | 'weeksAhead'>,
  clv: Float64Array,
  monthEnds: readonly number[],
): Outlook {
  const unknown = (): Float64Array => new Float64Array(clv.length).fill(Number.NaN);
  return {
    ...(intervals === null
      ? { p10: unknown(), p50: unknown(), p90: unknown() }
      : applyIntervals(intervals, clv)),
    pAlive: btyd === null ? unknown() : predictBtyd(btyd, summary, weeksAhead).pAlive,
    weeksToNextOrder: btyd === null ? unknown() : medianWeeksToNextOrder(btyd, summary),
    monthly: spread(clv, monthEnds, btyd === null ? null : predictRevenuePath(btyd, summary, monthEnds)),
  };
}

function spread(clv: Float64Array, monthEnds: readonly number[], path: Float64Array | null): Float64Array {
  const customers = clv.length;
  const months = monthEnds.length;
  const weeks = monthEnds[months - 1];
  const monthly = new Float64Array(customers * months);
  for (let row = 0; row < customers; row++) {
    let whole = 0;
    for (let month = 0; month < months; month++) whole += path?.[month * customers + row] ?? 0;
    for (let month = 0; month < months; month++) {
      const at = month * customers + row;
      const share =
        path !== null && whole > 0
          ? path[at] / whole
          : (monthEnds[month] - (month === 0 ? 0 : monthEnds[month - 1])) / weeks;
      monthly[at] = clv[row] * share;
    }
  }
  return monthly;
}
