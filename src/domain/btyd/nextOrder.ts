import { addDays, type IsoDate } from '../calendar/dates.ts';
import { type BtydModel, parametersOf, spendingOf } from './btydModel.ts';
import type { BtydSummary } from './summary.ts';

/**
 * Weeks after the end of observation by which half of the customers like each one, if alive, have bought again; one
 * number a customer, infinite where a double cannot hold it.
 *
 * Given x purchases in T weeks and being alive, the rate is gamma(r + x, alpha + T), so the waiting time is a Lomax
 * variable with median `(alpha + T) (2^(1 / (r + x)) - 1)`. The median is given because the mean,
 * `(alpha + T) / (r + x - 1)`, is infinite for r + x <= 1, that is for nearly everybody who bought once. Exact for
 * BG/NBD, where nobody drops out before a purchase. For Pareto/NBD it is too early, because it ignores that a customer
 * may drop out before the next order.
 */
export function medianWeeksToNextOrder(model: BtydModel, summary: BtydSummary): Float64Array {
  const { parameters, groupOf } = parametersOf(model, spendingOf(model, summary).meanValue);
  return summary.ageWeeks.map((age, i) => {
    const { r, alpha } = parameters[groupOf[i]];
    return (alpha + age) * Math.expm1(Math.LN2 / (r + summary.repeatPurchases[i]));
  });
}

/** A date further off than a hundred years is of no use. */
const FARTHEST_WEEKS = 52 * 100;

/**
 * The day that lies `weeks` after the end of observation, the midnight at which `cutoff` begins: anything from 0 to a
 * day gives the cutoff itself. Null where that is more than a hundred years away.
 */
export function dateAfterCutoff(cutoff: IsoDate, weeks: number): IsoDate | null {
  return weeks <= FARTHEST_WEEKS ? addDays(cutoff, Math.max(0, Math.ceil(weeks * 7) - 1)) : null;
}
