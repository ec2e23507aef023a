import { groupCustomers } from './customerGroups.ts';
import { type MaximumLikelihood, maximiseLikelihood } from './maximumLikelihood.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import { type FirstPurchases, learnFirstPurchases, spendingInParts, together } from './spending.ts';
import { type BtydSummary, pickCustomers } from './summary.ts';

/** How customers buy whose purchases are worth so much on average. */
export interface ValueLaw {
  /** The least mean value of a purchase, in currency; up to where the next law begins. The first holds for all below it. */
  readonly from: number;
  /** Customers that it was fitted on. */
  readonly customers: number;
  readonly parameters: PurchaseParameters;
}

/** Laws for customers of different values, and how their values are told. */
export interface ValueLaws {
  readonly first: FirstPurchases;
  /** The lowest values first. */
  readonly laws: readonly ValueLaw[];
}

/** Shares of the customers, by value, at which laws begin: narrow where the values are largest and differ most. */
const BEGIN_AT = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995];
/** Fewer customers than this from a value on have no law of their own. */
const LEAST_CUSTOMERS = 20;
/** Values up to a tenth apart, of more than a quarter of the customers, are one price: no law begins in its midst. */
const ALIKE = 1.1;
const MOST_ALIKE = 0.25;
/** How far the logarithms of a law's parameters usually stray from those of all customers: the prior's deviation. */
const USUAL_STRAY = 1;

/**
 * Fits one law for each group of customers of like value, since who spends more an order often orders more, and longer:
 * a shop's business customers beside its households. Each is the mode of the likelihood of its customers times a log-normal
 * prior around the law of all, so that a group of few says little; a single one where all values are alike.
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
 * A value, or the middle of the gap below the price that it is of. Within a price, what tells mean values apart is over how
 * many purchases they are means (a few first orders with a discount, rounding): laws that began there would be of those
 * who never came back, and of those who did.
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
  const groups = groupCustomers(customers);
  const names = process.parameterNames;
  const middle = names.map((name) => Math.log(common[name]));
  return maximiseLikelihood({
    parameterNames: names,
    floors: names.map(() => 0),
    observations: groups.customers,
    startingPoints: [names.map((name) => common[name])],
    logLikelihood: (parameters, gradient) => {
      let value = process.logLikelihood(parameters, groups, gradient);
      middle.forEach((logarithm, k) => {
        const stray = (Math.log(parameters[k]) - logarithm) / USUAL_STRAY;
        value -= stray ** 2 / 2;
        gradient[k] -= stray / (USUAL_STRAY * parameters[k]);
      });
      return value;
    },
  }).parameters;
}
