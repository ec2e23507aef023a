import type { RevenueLaws } from '../../btyd/revenueLaws.ts';

/**
 * How the revenue of a customer is spread around a forecast: 0 with one probability, otherwise log-logistic, whose levels
 * and quantiles have a closed form.
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
/** A forecast this many times what the purchase model expects, or this part of it, is as far as its law is followed. */
const FARTHEST = 1000;

/**
 * The law of a customer, row `row` of `laws`, whose forecast is not what the purchase model expects. What the forecast has
 * more is taken for more purchases: half as much forecast, half as many purchases. So the probability of none is that of
 * the purchase model to the power of the ratio, and what the purchases are worth changes by so much that the mean
 * changes by the ratio.
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

/** The share of like customers that spend so much or less; 0 to 1. `revenue` above 0, in currency. */
export function levelOfRevenue({ pNone, logMedian, logScale }: ForecastLaw, revenue: number): number {
  return pNone + (1 - pNone) / (1 + Math.exp((logMedian - Math.log(revenue)) / logScale));
}

/** The revenue, in currency, that `level` (from 0 to below 1) of like customers do not exceed; 0 up to `pNone`. */
export function revenueAtLevel({ pNone, logMedian, logScale }: ForecastLaw, level: number): number {
  if (level <= pNone) return 0;
  const ofBuyers = (level - pNone) / (1 - pNone);
  return Math.exp(logMedian + logScale * Math.log(ofBuyers / (1 - ofBuyers)));
}
