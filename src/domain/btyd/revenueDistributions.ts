import type { BtydModel } from './btydModel.ts';
import { digamma, trigamma } from './gammaFunctions.ts';
import { expectedSpend } from './gammaGamma.ts';
import { checkHorizon } from './horizon.ts';
import { type ModelledHistories, modelledHistories } from './modelledHistories.ts';
import { type BtydSummary, checkSummary } from './summary.ts';

/**
 * The predictive distribution of each customer's revenue in the weeks ahead: nothing, or an amount whose logarithm has these
 * moments. One element a customer, in the order of the summary.
 */
export interface RevenueDistributions {
  /** Probability of a purchase, 0 to 1. */
  readonly pPurchase: Float64Array;
  /** Mean and standard deviation of the logarithm of the revenue, in currency, if there is a purchase. */
  readonly logMean: Float64Array;
  readonly logDeviation: Float64Array;
  /** Expected revenue, in currency: the `expectedClv` of `predictBtyd`. */
  readonly expected: Float64Array;
}

/**
 * The predictive distribution of the revenue in the weeks after the end of observation, given each customer's past.
 *
 * The revenue of n purchases is gamma(p n, ν), and ν, given what is known of the customer, is gamma(q + p x, v + x m)
 * (Fader and Hardie 2013, The Gamma-Gamma Model of Monetary Value). So the logarithm of the revenue has the mean
 * `ψ(p n) - ψ(q + p x) + ln(v + x m)` and the variance `ψ'(p n) + ψ'(q + p x)`, both finite for any q. Here both
 * are taken over the number of purchases that the process gives, from one on.
 *
 * Throws as `predictBtyd` does.
 *
 * @param weeksAhead the number of weeks, from 0.
 */
export function predictRevenueDistributions(
  model: BtydModel,
  summary: BtydSummary,
  weeksAhead: number,
): RevenueDistributions {
  checkSummary(summary);
  checkHorizon([weeksAhead]);
  const { p, q, v } = model.spend.parameters;
  const histories = modelledHistories(model, summary);
  const ahead = purchasesAhead(histories, weeksAhead, p);
  const { customers, historyOf, alive, spending } = histories;
  const distributions = {
    pPurchase: Float64Array.from(historyOf, (history) => alive[history] * ahead.atLeastOne[history]),
    logMean: new Float64Array(customers),
    logDeviation: new Float64Array(customers),
    expected: new Float64Array(customers),
  };
  for (let i = 0; i < customers; i++) {
    const history = historyOf[i];
    const known = spending.transactions[i];
    const value = known > 0 ? Math.max(0, spending.meanValue[i]) : 0;
    const shape = q + p * known;
    distributions.logMean[i] = ahead.logMean[history] - digamma(shape) + Math.log(v + known * value);
    distributions.logDeviation[i] = Math.sqrt(ahead.logVariance[history] + trigamma(shape));
    distributions.expected[i] =
      alive[history] * ahead.expected[history] * expectedSpend(model.spend.parameters, known, value);
  }
  return distributions;
}

/**
 * What the customers of each history will buy if they are alive. The logarithms are those of the revenue of n purchases,
 * n being at least one, in units of 1 / ν.
 */
interface PurchasesAhead {
  /** Probability of at least one purchase. */
  readonly atLeastOne: Float64Array;
  /** Expected number of purchases: the sum of the probabilities of at least 1, 2, 3, … */
  readonly expected: Float64Array;
  /** Mean and variance of the logarithm over the number of purchases (the law of total variance). */
  readonly logMean: Float64Array;
  readonly logVariance: Float64Array;
}

function purchasesAhead(
  { x, age, process, parameters }: ModelledHistories,
  weeks: number,
  p: number,
): PurchasesAhead {
  const means = ofMultiples(digamma, p);
  const variances = ofMultiples(trigamma, p);
  const empty = (): Float64Array => new Float64Array(x.length);
  const ahead = { atLeastOne: empty(), expected: empty(), logMean: empty(), logVariance: empty() };
  for (let history = 0; history < x.length; history++) {
    const atLeast = process.atLeastIfAlive(parameters[history], x[history], age[history], weeks);
    // Moments are taken around the mean for one purchase, so that no digits are lost by cancellation.
    const one = means(1);
    let [expected, mean, square, variance] = [0, 0, 0, 0];
    for (let n = 1; n <= atLeast.length; n++) {
      expected += atLeast[n - 1];
      const exactly = (atLeast[n - 1] - (atLeast[n] ?? 0)) / atLeast[0];
      const more = means(n) - one;
      mean += exactly * more;
      square += exactly * more * more;
      variance += exactly * variances(n);
    }
    ahead.atLeastOne[history] = atLeast[0];
    ahead.expected[history] = expected;
    ahead.logMean[history] = atLeast[0] > 0 ? one + mean : one;
    ahead.logVariance[history] = atLeast[0] > 0 ? variance + Math.max(0, square - mean * mean) : variances(1);
  }
  return ahead;
}

/** `of(p n)` for n from 1, as a function of n that computes each value once. */
function ofMultiples(of: (x: number) => number, p: number): (n: number) => number {
  const known: number[] = [];
  return (n) => {
    while (known.length < n) known.push(of(p * (known.length + 1)));
    return known[n - 1];
  };
}
