import { type FirstPurchases, learnFirstPurchases } from './firstPurchases.ts';
import { posteriorMode } from './posteriorMode.ts';
import { distinctHistories } from './purchaseHistories.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import { spendingInParts, together } from './spending.ts';
import { type BtydSummary, pickCustomers } from './summary.ts';

/** Customers whose purchases are worth about the same on average, and the parameters that they buy by. */
export interface ValueGroup {
  /**
   * The mean value of a purchase, in currency, from which on customers belong to this group, up to where the next begins.
   * To the first belong those below it too.
   */
  readonly from: number;
  /** Customers that it was fitted on. */
  readonly customers: number;
  readonly parameters: PurchaseParameters;
}

/** Parameters of the purchase process by the mean value of a customer's purchases, and how that value is measured. */
export interface ParametersByValue {
  readonly first: FirstPurchases;
  /** The lowest values first. */
  readonly groups: readonly ValueGroup[];
}

/** Shares of the customers, by value, at which groups begin: narrow where the values are largest and differ most. */
const BEGIN_AT = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995];
/** No group begins at a value that fewer customers than this reach. */
const LEAST_CUSTOMERS = 20;
/**
 * Where values that differ by at most a tenth are those of more than a quarter of the customers, they are one price: no
 * group begins within it.
 */
const ALIKE = 1.1;
const MOST_ALIKE = 0.25;

/**
 * Fits the purchase process to each group of customers whose purchases are worth about the same, because customers who
 * spend more an order often order more, and for longer: the business customers of a shop beside its households. The
 * parameters of a group are the mode of the posterior (maximum a posteriori): its prior is log-normal around the parameters
 * of all customers, so that a small group says little. Where all values are alike there is a single group.
 *
 * @param pooled the parameters fitted on all these customers together.
 */
export function fitParametersByValue(
  process: PurchaseProcess,
  summary: BtydSummary,
  pooled: PurchaseParameters,
): ParametersByValue {
  const first = learnFirstPurchases(summary);
  const { meanValue } = together(spendingInParts(first, summary));
  const begins = beginsOf(meanValue);
  const groupOf = valueGroupOfEach(begins, meanValue);
  const start = process.parameterNames.map((name) => pooled[name]);
  const groups = begins.map((from, group) => {
    const rows = Uint32Array.from(groupOf.keys()).filter((row) => groupOf[row] === group);
    return {
      from,
      customers: rows.length,
      parameters: posteriorMode(process, distinctHistories(pickCustomers(summary, rows)), pooled, start)
        .parameters,
    };
  });
  return { first, groups };
}

/** The index of each customer's group. @param begins the values at which groups begin, ascending. */
export function valueGroupOfEach(begins: readonly number[], meanValue: Float64Array): Int32Array {
  return Int32Array.from(meanValue, (value) => {
    let group = begins.length - 1;
    while (group > 0 && value < begins[group]) group--;
    return group;
  });
}

/** The values at which groups begin, ascending from 0. */
function beginsOf(meanValue: Float64Array): number[] {
  const sorted = meanValue.toSorted();
  const begins = [0];
  for (const share of BEGIN_AT) {
    const from = besidePrices(sorted, sorted[Math.floor(share * sorted.length)]);
    const isNew = from > Math.max(begins[begins.length - 1], sorted[0]);
    if (isNew && sorted.length - sorted.findIndex((value) => value >= from) >= LEAST_CUSTOMERS)
      begins.push(from);
  }
  return begins;
}

/**
 * The value itself or, where it lies within a price, the middle of the gap below that price. Within one price, mean
 * values differ only by the number of purchases that they are means of (a few first orders had a discount, amounts were
 * rounded): a group that began there would part the customers who came back from those who did not.
 */
function besidePrices(sorted: Float64Array, value: number): number {
  const least = sorted.findIndex((it) => it * ALIKE >= value);
  const above = sorted.findIndex((it) => it > value * ALIKE);
  const alike = (above < 0 ? sorted.length : above) - least;
  if (!(value > 0) || alike <= MOST_ALIKE * sorted.length) return value;
  return least === 0 ? sorted[0] : (sorted[least - 1] + sorted[least]) / 2;
}
