import { type FirstPurchases, learnFirstPurchases } from './firstPurchases.ts';
import { type MaximumLikelihood, maximiseLikelihood } from './maximumLikelihood.ts';
import { distinctHistories } from './purchaseHistories.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import { spendingInParts, together } from './spending.ts';
import { type BtydSummary, pickCustomers } from './summary.ts';

/** How customers buy whose purchases are worth about the same on average. */
export interface ValueLaw {
  /**
   * The mean value of a purchase, in currency, from which on this law holds, up to where the next begins. The first
   * holds below it too.
   */
  readonly from: number;
  /** Customers that it was fitted on. */
  readonly customers: number;
  readonly parameters: PurchaseParameters;
}

/** One law for each range of customers' mean purchase values, and how these values are measured. */
export interface ValueLaws {
  readonly first: FirstPurchases;
  /** The lowest values first. */
  readonly laws: readonly ValueLaw[];
}

/** Shares of the customers, by value, at which laws begin: narrow where the values are largest and differ most. */
const BEGIN_AT = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995];
/** No law begins at a value that fewer customers than this reach. */
const LEAST_CUSTOMERS = 20;
/**
 * Where values that differ by at most a tenth are those of more than a quarter of the customers, they are one price: no
 * law begins within it.
 */
const ALIKE = 1.1;
const MOST_ALIKE = 0.25;
/**
 * The standard deviation of the prior: how far the logarithms of a law's parameters usually are from those of the law
 * of all.
 */
const USUAL_STRAY = 1;

/**
 * Fits one law for each group of customers whose purchases are worth about the same, because customers who spend more
 * an order often order more, and for longer: the business customers of a shop beside its households. Each law is the
 * mode of the likelihood of its customers times a log-normal prior around the law of all customers (maximum a
 * posteriori), so that a small group says little. Where all values are alike there is a single law.
 *
 * @param common the law of all these customers.
 */
export function fitValueLaws(
  process: PurchaseProcess,
  summary: BtydSummary,
  common: MaximumLikelihood,
): ValueLaws {
  const first = learnFirstPurchases(summary);
  const { meanValue } = together(spendingInParts(first, summary));
  const begins = beginsOf(meanValue);
  const lawOf = lawOfEach(begins, meanValue);
  const laws = begins.map((from, law) => {
    const rows = Uint32Array.from(lawOf.keys()).filter((row) => lawOf[row] === law);
    return {
      from,
      customers: rows.length,
      parameters: posteriorMode(common.parameters, process, pickCustomers(summary, rows)),
    };
  });
  return { first, laws };
}

/** Which of the laws that begin at these values, ascending, each customer buys by. */
export function lawOfEach(begins: readonly number[], meanValue: Float64Array): Int32Array {
  return Int32Array.from(meanValue, (value) => {
    let law = begins.length - 1;
    while (law > 0 && value < begins[law]) law--;
    return law;
  });
}

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
 * rounded): a law that began there would part the customers who came back from those who did not.
 */
function besidePrices(sorted: Float64Array, value: number): number {
  const least = sorted.findIndex((it) => it * ALIKE >= value);
  const above = sorted.findIndex((it) => it > value * ALIKE);
  const alike = (above < 0 ? sorted.length : above) - least;
  if (!(value > 0) || alike <= MOST_ALIKE * sorted.length) return value;
  return least === 0 ? sorted[0] : (sorted[least - 1] + sorted[least]) / 2;
}

/** The mode of the likelihood of these customers times the prior around the law of all. */
function posteriorMode(
  common: PurchaseParameters,
  process: PurchaseProcess,
  customers: BtydSummary,
): PurchaseParameters {
  const histories = distinctHistories(customers);
  const names = process.parameterNames;
  const middle = names.map((name) => Math.log(common[name]));
  return maximiseLikelihood({
    parameterNames: names,
    floors: names.map(() => 0),
    observations: histories.customers,
    startingPoints: [names.map((name) => common[name])],
    logLikelihood: (parameters, gradient) => {
      let value = process.logLikelihood(parameters, histories, gradient);
      middle.forEach((logarithm, k) => {
        const stray = (Math.log(parameters[k]) - logarithm) / USUAL_STRAY;
        value -= stray ** 2 / 2;
        gradient[k] -= stray / (USUAL_STRAY * parameters[k]);
      });
      return value;
    },
  }).parameters;
}
