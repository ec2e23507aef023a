import { type BtydSummary, pickCustomers } from '../../btyd/summary.ts';

/** 18 months, in weeks. */
const RECENT_WEEKS = 78;
/** Fewer recent customers than this say less than all customers do. */
const ENOUGH_CUSTOMERS = 1000;

/**
 * The customers whom a purchase model is fitted on: those whose first order is at most 18 months old, whether they are
 * still there or have long been silent; all of them where those are fewer than 1,000.
 *
 * BG/NBD has the same mixing distributions, of rates and of dropout, for customers of all ages. Fitted on all of them, it
 * expects too little of young ones and too much of old ones, the more so the older the shop is: what trees learn of its
 * error at earlier cutoffs does not hold at later ones (bench/RESULTS.md).
 */
export function customersToFit(summary: BtydSummary): BtydSummary {
  const { ageWeeks } = summary;
  const recent = Uint32Array.from(ageWeeks.keys()).filter((i) => ageWeeks[i] <= RECENT_WEEKS);
  if (recent.length < ENOUGH_CUSTOMERS || recent.length === ageWeeks.length) return summary;
  return pickCustomers(summary, recent);
}
