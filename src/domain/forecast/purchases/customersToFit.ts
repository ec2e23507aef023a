import { type BtydSummary, pickCustomers } from '../../btyd/summary.ts';
import { median } from '../../evaluation/averages.ts';
import { rowsWithoutOutliers } from '../../evaluation/outliers.ts';

/** 18 months, in weeks. */
const RECENT_WEEKS = 78;
/**
 * Usual gaps between purchases that a recent customer may be old, where these are longer than 18 months together: who orders
 * once a year has had no more than one occasion to come back by then, and looks as if he or she never would.
 */
const RECENT_GAPS = 4;
/** Fewer recent customers than this say less than all customers do. */
const ENOUGH_CUSTOMERS = 1000;

/**
 * The customers whom a purchase model is fitted on, in order of preference: those whose first order is at most 18 months
 * or four usual gaps between purchases old, whether they are still there or have long been silent, unless they are fewer than
 * 1,000; then all of them. Outliers, who spent many times what anybody else did, are never among them (`rowsWithoutOutliers`).
 *
 * BG/NBD has the same mixing distributions, of rates and of dropout, for customers of all ages. Fitted on all of them, it
 * expects too little of young ones and too much of old ones, the more so the older the shop is: what trees learn of its
 * error at earlier cutoffs does not hold at later ones (bench/RESULTS.md).
 */
export function customersToFit(summary: BtydSummary): BtydSummary[] {
  const usual = rowsWithoutOutliers(spentSoFar(summary));
  const customers = usual === null ? summary : pickCustomers(summary, usual);
  const { ageWeeks } = customers;
  const oldest = Math.max(RECENT_WEEKS, RECENT_GAPS * usualGap(customers));
  const recent = Uint32Array.from(ageWeeks.keys()).filter((i) => ageWeeks[i] <= oldest);
  if (recent.length < ENOUGH_CUSTOMERS || recent.length === ageWeeks.length) return [customers];
  return [pickCustomers(customers, recent), customers];
}

/** The median over the customers who came back of their mean gap between purchases, in weeks; 0 where nobody did. */
function usualGap({ repeatPurchases, recencyWeeks }: BtydSummary): number {
  const gaps = recencyWeeks
    .map((weeks, i) => weeks / repeatPurchases[i])
    .filter((_, i) => repeatPurchases[i] > 0);
  return gaps.length === 0 ? 0 : median(gaps);
}

/** Net revenue of each customer, in currency. */
function spentSoFar({ repeatPurchases, meanRepeatValue, firstValue }: BtydSummary): Float64Array {
  return firstValue.map((first, i) =>
    repeatPurchases[i] === 0 ? first : first + repeatPurchases[i] * meanRepeatValue[i],
  );
}
