import { BtydInputError } from './errors.ts';
import { digamma, lnGamma } from './gammaFunctions.ts';
import { type MaximumLikelihood, maximiseLikelihood } from './maximumLikelihood.ts';
import { countPurchases } from './purchaseHistories.ts';
import type { Spending } from './spending.ts';

/** Parameters of the Gamma-Gamma model; `v` (gamma in some texts) is in units of currency. */
export interface SpendParameters {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

/** A fitted Gamma-Gamma model. */
export interface SpendFit extends MaximumLikelihood {
  readonly parameters: Readonly<Record<'p' | 'q' | 'v', number>>;
  /** Customers that it was fitted on: those with a transaction of known value and a mean above zero. */
  readonly customers: number;
}

/**
 * The least q. At q = 1 the mean of the whole population, `p v / (q - 1)`, is infinite, and with it the spend expected
 * of a customer who bought once. Where order values differ much between customers (log-normal ones whose logarithms
 * have a standard deviation of 1.3 or 1.6), the likelihood alone moves q close to 1, and one-time buyers are expected
 * to spend two to six times what they do. With this floor it is 0.9 to 1.2 times (bench/RESULTS.md).
 */
const LEAST_Q = 1.5;

/**
 * Fits the Gamma-Gamma model of spend (Fader and Hardie 2013, The Gamma-Gamma Model of Monetary Value, equation 1a) to
 * the customers with a transaction of known value and a mean above zero, because it has no likelihood for others.
 * Values are divided by their mean during the search, so that the currency does not matter.
 *
 * The transactions of a customer may be known in parts, such as the first one and the others. Then the likelihood is
 * that of the means of all parts, given one rate for each customer. The distance between two parts of one customer
 * determines p; the means of whole customers do so only as far as their distribution really is a gamma mixture.
 *
 * @param parts each of all the customers, in the same order; a part whose mean is not above zero is left out.
 * Throws BtydInputError `BTYD_NO_SPEND` where there is no such customer.
 */
export function fitGammaGamma(parts: readonly Spending[]): SpendFit {
  const known = parts.flatMap(({ transactions, meanValue }) =>
    Array.from(meanValue.filter((value, i) => transactions[i] > 0 && value > 0)),
  );
  if (known.length === 0) {
    throw new BtydInputError('BTYD_NO_SPEND', 'No customer has a purchase of known value above zero.', {
      remedy: 'Use orders that reach further back, or a model that does not need repeat purchases.',
      values: { customers: parts[0].transactions.length },
    });
  }
  const unit = known.reduce((sum, value) => sum + value, 0) / known.length;
  const inUnits = parts.map(({ transactions, meanValue }) => ({
    transactions,
    meanValue: meanValue.map((value) => value / unit),
  }));
  const { customers, logLikelihood } = spendLikelihood(inUnits);
  const fit = maximiseLikelihood({
    parameterNames: ['p', 'q', 'v'],
    floors: [0, LEAST_Q, 0],
    observations: customers,
    startingPoints: [
      [4, 3, 0.5],
      [1, 2, 1],
      [20, 20, 1],
    ],
    logLikelihood,
  });
  const { p, q, v } = fit.parameters;
  return {
    ...fit,
    parameters: { p, q, v: v * unit },
    logLikelihood: fit.logLikelihood - known.length * Math.log(unit),
    customers,
  };
}

/**
 * The log-likelihood of the means of all parts that are above zero, as a function of p, q and v in this order, which
 * writes its derivatives into its second argument; and the number of customers with such a part.
 */
export function spendLikelihood(parts: readonly Spending[]): {
  readonly customers: number;
  readonly logLikelihood: (parameters: Float64Array, gradient: Float64Array) => number;
} {
  const rows = parts[0].transactions.length;
  /** x of each part, and of each customer the sums over the parts of x, of x m and of x ln(x m). */
  const countsOfParts: number[] = [];
  const counts: number[] = [];
  const sums: number[] = [];
  const lnSums: number[] = [];
  let lnValues = 0;
  for (let row = 0; row < rows; row++) {
    const known = parts.filter(({ transactions, meanValue }) => transactions[row] > 0 && meanValue[row] > 0);
    if (known.length === 0) continue;
    let [count, sum, lnSum] = [0, 0, 0];
    for (const { transactions, meanValue } of known) {
      const spent = transactions[row] * meanValue[row];
      count += transactions[row];
      sum += spent;
      lnSum += transactions[row] * Math.log(spent);
      lnValues += Math.log(meanValue[row]);
      countsOfParts.push(transactions[row]);
    }
    counts.push(count);
    sums.push(sum);
    lnSums.push(lnSum);
  }
  const customers = counts.length;
  const distinct = (values: readonly number[]) =>
    countPurchases(Float64Array.from(values), new Float64Array(values.length).fill(1));
  const ofParts = distinct(countsOfParts);
  const ofCustomers = distinct(counts);
  const logLikelihood = (parameters: Float64Array, gradient: Float64Array): number => {
    const [p, q, v] = parameters;
    let total = customers * (q * Math.log(v) - lnGamma(q)) - lnValues;
    let byP = 0;
    let byQ = customers * (Math.log(v) - digamma(q));
    let byV = (customers * q) / v;
    ofParts.purchases.forEach((x, k) => {
      total -= ofParts.purchasesCount[k] * lnGamma(p * x);
      byP -= ofParts.purchasesCount[k] * x * digamma(p * x);
    });
    ofCustomers.purchases.forEach((x, k) => {
      const n = ofCustomers.purchasesCount[k];
      const change = digamma(p * x + q);
      total += n * lnGamma(p * x + q);
      byP += n * x * change;
      byQ += n * change;
    });
    for (let i = 0; i < customers; i++) {
      const lnSum = Math.log(v + sums[i]);
      const lnShares = lnSums[i] - counts[i] * lnSum;
      total += p * lnShares - q * lnSum;
      byP += lnShares;
      byQ -= lnSum;
      byV -= (p * counts[i] + q) / (v + sums[i]);
    }
    gradient[0] = byP;
    gradient[1] = byQ;
    gradient[2] = byV;
    return total;
  };
  return { customers, logLikelihood };
}

/**
 * The expected value of each future transaction of a customer, in currency: `p (v + x m) / (p x + q - 1)` (Fader and
 * Hardie 2013, equation 5), which is the mean of the population, `p v / (q - 1)`, for x = 0. A mean value below 0
 * counts as 0.
 *
 * @param x the number of known transactions. @param meanValue m, their mean value.
 */
export function expectedSpend({ p, q, v }: SpendParameters, x: number, meanValue: number): number {
  return x === 0 ? (p * v) / (q - 1) : (p * (v + x * Math.max(0, meanValue))) / (p * x + q - 1);
}
