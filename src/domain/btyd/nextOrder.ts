import { addDays, type IsoDate } from '../calendar/dates.ts';
import { type BtydModel, parametersOf, purchaseProcess, spendingOf } from './btydModel.ts';
import type { BtydSummary } from './summary.ts';
import { withUnusualRate } from './unusualRate.ts';

/**
 * Weeks after the end of observation by which half of the customers like each one, if alive then, have bought again; one
 * number a customer, infinite where fewer than half of them ever do, or where a double cannot hold it.
 *
 * The median is given because the mean is infinite for nearly everybody who bought once: given x purchases in T weeks, the
 * rate of a customer who is alive is gamma(r + x, alpha + T), and the mean wait has a factor `1 / (r + x - 1)`.
 */
export function medianWeeksToNextOrder(model: BtydModel, summary: BtydSummary): Float64Array {
  const process = purchaseProcess(model.process);
  const { parameters, groupOf } = parametersOf(model, spendingOf(model, summary).meanValue);
  const known = new Map<string, number>();
  return summary.ageWeeks.map((age, i) => {
    const x = summary.repeatPurchases[i];
    const own = withUnusualRate(model, parameters[groupOf[i]], x, summary.recencyWeeks[i]);
    const key = `${own.r} ${own.alpha} ${x} ${age}`;
    const weeks = known.get(key) ?? process.medianWaitIfAlive(own, x, age);
    known.set(key, weeks);
    return weeks;
  });
}

/** A date further off than a hundred years is of no use. */
export const FARTHEST_WEEKS = 52 * 100;

/**
 * The day that lies `weeks` after the end of observation, the midnight at which `cutoff` begins: anything from 0 to a
 * day gives the cutoff itself. Null where that is more than a hundred years away.
 */
export function dateAfterCutoff(cutoff: IsoDate, weeks: number): IsoDate | null {
  return weeks <= FARTHEST_WEEKS ? addDays(cutoff, Math.max(0, Math.ceil(weeks * 7) - 1)) : null;
}
