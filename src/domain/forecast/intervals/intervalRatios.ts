import { betweenSizes } from './betweenSizes.ts';
import type { ForecastIntervals } from './forecastIntervals.ts';

/**
 * The realised revenue of customers as a multiple of their forecast, by the size of the forecast, measured out of time.
 * Ratios between two sizes are interpolated over the logarithm of the size; beyond the first and the last size they stay
 * the same.
 */
export interface IntervalRatios {
  readonly kind: 'ratios';
  /** Ascending forecasts, in currency; at least one. */
  readonly sizes: readonly number[];
  /** Lower bound, median and upper bound as multiples of the forecast, one entry a size. */
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
}

/** The intervals around forecasts, both in currency: one number a customer. Nothing else has to be known of the customers. */
export function boundsByRatios(ratios: IntervalRatios, forecasts: Float64Array): ForecastIntervals {
  const between = betweenSizes(ratios.sizes);
  const bound = (values: readonly number[]): Float64Array =>
    forecasts.map((forecast) => (forecast > 0 ? forecast * between(values, forecast) : 0));
  return { p10: bound(ratios.low), p50: bound(ratios.middle), p90: bound(ratios.high) };
}
