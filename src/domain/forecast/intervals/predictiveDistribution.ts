import type { RevenueDistributions } from '../../btyd/revenueDistributions.ts';

/**
 * The predictive distribution of a customer's revenue around a forecast: 0 with some probability, otherwise log-logistic,
 * because the distribution function and the quantiles of the log-logistic distribution have a closed form.
 */
export interface PredictiveDistribution {
  /** Probability of no purchase, 0 to 1. */
  readonly pNone: number;
  /** Location and scale of the logistic distribution of ln(revenue in currency), if there is a purchase. */
  readonly location: number;
  readonly scale: number;
}

/** The scale of a logistic distribution of standard deviation 1. */
const SCALE_OF_DEVIATION = Math.sqrt(3) / Math.PI;
/** The distribution follows a forecast up to this many times what the purchase model expects, and down to this part of it. */
const FARTHEST = 1000;

/**
 * The distribution of one customer around a forecast that is not what the purchase model expects. The difference is taken for
 * a different number of purchases: half the forecast means half as many. So the probability of no purchase is that of the
 * purchase model to the power of `ratio`, the forecast over what the model expects, and the value of the purchases is scaled
 * such that the mean revenue changes by `ratio`. The variance of the logarithm stays that of the model.
 *
 * @param distributions as the purchase model has them. @param row of the customer.
 * @param forecast above 0, in currency.
 */
export function distributionAround(
  distributions: RevenueDistributions,
  row: number,
  forecast: number,
): PredictiveDistribution {
  const ratio = Math.min(FARTHEST, Math.max(1 / FARTHEST, forecast / distributions.expected[row]));
  const expected = distributions.pPurchase[row];
  const pPurchase = -Math.expm1(ratio * Math.log1p(-expected));
  const fewer = expected > 0 ? pPurchase / expected : ratio;
  return {
    pNone: 1 - pPurchase,
    location: distributions.logMean[row] + Math.log(ratio / fewer),
    scale: SCALE_OF_DEVIATION * distributions.logDeviation[row],
  };
}

/** The distribution function: the probability, 0 to 1, of spending this much or less. @param revenue above 0, in currency. */
export function cumulativeProbability(
  { pNone, location, scale }: PredictiveDistribution,
  revenue: number,
): number {
  return pNone + (1 - pNone) / (1 + Math.exp((location - Math.log(revenue)) / scale));
}

/** The quantile of a level, in currency: the inverse of `cumulativeProbability`; 0 up to `pNone`. @param level from 0 to below 1. */
export function quantile({ pNone, location, scale }: PredictiveDistribution, level: number): number {
  if (level <= pNone) return 0;
  const ofBuyers = (level - pNone) / (1 - pNone);
  return Math.exp(location + scale * Math.log(ofBuyers / (1 - ofBuyers)));
}
