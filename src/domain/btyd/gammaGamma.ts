import { countPurchases } from './customerGroups.ts';
import { BtydInputError } from './errors.ts';
import { digamma, lnGamma } from './gammaFunctions.ts';
import { type MaximumLikelihood, maximiseLikelihood } from './maximumLikelihood.ts';
import type { BtydSummary } from './summary.ts';

/** Parameters of the Gamma-Gamma model; `v` (gamma in some texts) is in units of currency. */
export interface SpendParameters {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

/** A fitted Gamma-Gamma model. */
export interface SpendFit extends MaximumLikelihood {
  readonly parameters: Readonly<Record<'p' | 'q' | 'v', number>>;
  /** Customers that it was fitted on: those with a repeat purchase and a mean repeat value above zero. */
  readonly customers: number;
}

/**
 * The least q. At q = 1 the mean of the whole population, `p v / (q - 1)`, is infinite, and so would be what is
 * expected of a customer who bought once. Where baskets differ much between customers (log-normal ones, the standard
 * deviation of whose logarithms is 1.3 or 1.6), likelihood alone draws q there, and one-time buyers would be expected to
 * spend two to six times what they do; with this it is 0.9 to 1.2 times (bench/RESULTS.md).
 */
const LEAST_Q = 1.5;

/**
 * Fits the Gamma-Gamma model of spend (Fader and Hardie 2013, The Gamma-Gamma Model of Monetary Value, equation 1a) to
 * the customers with a repeat purchase and a mean repeat value above zero: of others it knows no likelihood. Values
 * are divided by their mean during the search, so that the currency does not matter.
 *
 * Throws BtydInputError `BTYD_NO_SPEND` where there is no such customer.
 */
export function fitGammaGamma(summary: BtydSummary): SpendFit {
  const { repeatPurchases, meanRepeatValue } = summary;
  const usable = (_: number, i: number): boolean => repeatPurchases[i] > 0 && meanRepeatValue[i] > 0;
  const x = repeatPurchases.filter(usable);
  const values = meanRepeatValue.filter(usable);
  const customers = x.length;
  if (customers === 0) {
    throw new BtydInputError('BTYD_NO_SPEND', 'No customer has a repeat purchase with a value above zero.', {
      remedy: 'Use orders that reach further back, or a model that does not need repeat purchases.',
      values: { customers: repeatPurchases.length },
    });
  }
  const unit = values.reduce((sum, value) => sum + value, 0) / customers;
  const fit = maximiseLikelihood({
    parameterNames: ['p', 'q', 'v'],
    floors: [0, LEAST_Q, 0],
    observations: customers,
    startingPoints: [
      [4, 3, 0.5],
      [1, 2, 1],
      [20, 20, 1],
    ],
    logLikelihood: spendLikelihood(
      x,
      values.map((value) => value / unit),
    ),
  });
  const { p, q, v } = fit.parameters;
  return {
    ...fit,
    parameters: { p, q, v: v * unit },
    logLikelihood: fit.logLikelihood - customers * Math.log(unit),
    customers,
  };
}

/**
 * The log-likelihood, of p, q and v in this order, of customers whose `x` repeat purchases had these mean `values`, all
 * above zero; it writes its derivatives into `gradient`.
 */
export function spendLikelihood(
  x: Float64Array,
  values: Float64Array,
): (parameters: Float64Array, gradient: Float64Array) => number {
  const customers = x.length;
  const spent = values.map((value, i) => x[i] * value);
  const lnSpent = spent.map(Math.log);
  const lnValues = values.reduce((sum, value) => sum + Math.log(value), 0);
  const counts = countPurchases(x, new Float64Array(customers).fill(1));
  return (parameters, gradient) => {
    const [p, q, v] = parameters;
    let total = customers * (q * Math.log(v) - lnGamma(q)) - lnValues;
    let byP = 0;
    let byQ = customers * (Math.log(v) - digamma(q));
    let byV = (customers * q) / v;
    for (let k = 0; k < counts.purchases.length; k++) {
      const shape = p * counts.purchases[k];
      const n = counts.purchasesCount[k];
      const bothChange = digamma(shape + q);
      total += n * (lnGamma(shape + q) - lnGamma(shape));
      byP += n * counts.purchases[k] * (bothChange - digamma(shape));
      byQ += n * bothChange;
    }
    for (let i = 0; i < customers; i++) {
      const lnSum = Math.log(v + spent[i]);
      total += p * x[i] * (lnSpent[i] - lnSum) - q * lnSum;
      byP += x[i] * (lnSpent[i] - lnSum);
      byQ -= lnSum;
      byV -= (p * x[i] + q) / (v + spent[i]);
    }
    gradient[0] = byP;
    gradient[1] = byQ;
    gradient[2] = byV;
    return total;
  };
}

/**
 * The value expected of each future transaction of a customer: `p (v + x m) / (p x + q - 1)` (Fader and Hardie 2013,
 * equation 5), the population's mean `p v / (q - 1)` for x = 0. A mean value below zero counts as zero.
 */
export function expectedSpend({ p, q, v }: SpendParameters, x: number, meanRepeatValue: number): number {
  return x === 0 ? (p * v) / (q - 1) : (p * (v + x * Math.max(0, meanRepeatValue))) / (p * x + q - 1);
}
