import { betweenSizes } from './betweenSizes.ts';
import type { ForecastIntervals } from './forecastIntervals.ts';

/**
 * What the realised revenue of customers was in shares of their forecast, by the size of the forecast: measured out of
 * time. Ratios between two sizes are interpolated over the logarithm of the size; beyond the ends they stay.
 */
export interface IntervalRatios {
  readonly kind: 'ratios';
  /** Ascending forecasts, in currency; at least one. */
  readonly sizes: readonly number[];
  /** Lower bound, median and upper bound in shares of the forecast, one entry a size. */
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
}

/** The intervals of forecasts, whatever is known of the customers beside them. */
export function boundsByRatios(ratios: IntervalRatios, forecasts: Float64Array): ForecastIntervals {
  const between = betweenSizes(ratios.sizes);
  const bound = (values: readonly number[]): Float64Array =>
    forecasts.map((forecast) => (forecast > 0 ? forecast * between(values, forecast) : 0));
  return { p10: bound(ratios.low), p50: bound(ratios.middle), p90: bound(ratios.high) };
}
