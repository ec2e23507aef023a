import type { RevenueLaws } from '../../btyd/revenueLaws.ts';

/**
 * How the revenue of a customer is distributed around a forecast: 0 with some probability, otherwise log-logistic, since
 * the levels and quantiles of that distribution have a closed form.
 */
export interface ForecastLaw {
  /** Probability of no purchase, 0 to 1. */
  readonly pNone: number;
  /** Logarithm of the median, if there is a purchase; of revenue in currency. */
  readonly logMedian: number;
  readonly logScale: number;
}

/** The scale of a logistic distribution of standard deviation 1. */
const SCALE_OF_DEVIATION = Math.sqrt(3) / Math.PI;
/** The law follows a forecast up to this many times what the purchase model expects, and down to this part of it. */
const FARTHEST = 1000;

/**
 * The law of the customer in row `row` of `laws` for a forecast that is not what the purchase model expects. The difference
 * is taken for a different number of purchases: half the forecast means half as many. So the probability of no purchase is
 * that of the purchase model to the power of `ratio`, the forecast over what the model expects, and the value of the
 * purchases is scaled such that the mean revenue changes by `ratio`.
 *
 * @param forecast above 0, in currency.
 */
export function lawOfForecast(laws: RevenueLaws, row: number, forecast: number): ForecastLaw {
  const ratio = Math.min(FARTHEST, Math.max(1 / FARTHEST, forecast / laws.expected[row]));
  const expected = laws.pPurchase[row];
  const pPurchase = -Math.expm1(ratio * Math.log1p(-expected));
  const fewer = expected > 0 ? pPurchase / expected : ratio;
  return {
    pNone: 1 - pPurchase,
    logMedian: laws.logMean[row] + Math.log(ratio / fewer),
    logScale: SCALE_OF_DEVIATION * laws.logDeviation[row],
  };
}

/** The level of a revenue: the probability, 0 to 1, of spending this much or less. @param revenue above 0, in currency. */
export function levelOfRevenue({ pNone, logMedian, logScale }: ForecastLaw, revenue: number): number {
  return pNone + (1 - pNone) / (1 + Math.exp((logMedian - Math.log(revenue)) / logScale));
}

/** The revenue, in currency, at a level: the inverse of `levelOfRevenue`; 0 up to `pNone`. @param level from 0 to below 1. */
export function revenueAtLevel({ pNone, logMedian, logScale }: ForecastLaw, level: number): number {
  if (level <= pNone) return 0;
  const ofBuyers = (level - pNone) / (1 - pNone);
  return Math.exp(logMedian + logScale * Math.log(ofBuyers / (1 - ofBuyers)));
}
