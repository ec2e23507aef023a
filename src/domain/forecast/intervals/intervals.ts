import type { RevenueLaws } from '../../btyd/revenueLaws.ts';
import type { ForecastIntervals } from './forecastIntervals.ts';
import { boundsByLevels, type IntervalLevels } from './intervalLevels.ts';
import { boundsByRatios, type IntervalRatios } from './intervalRatios.ts';

/** How intervals are made of forecasts: by laws of revenue, or in ratios to the forecast where there is no purchase model. */
export type Intervals = IntervalLevels | IntervalRatios;

/**
 * The intervals of forecasts, in currency; NaN where they are made by laws and there are none.
 *
 * @param laws of the same customers; null without a purchase model.
 */
export function applyIntervals(
  intervals: Intervals,
  forecasts: Float64Array,
  laws: RevenueLaws | null,
): ForecastIntervals {
  if (intervals.kind === 'ratios') return boundsByRatios(intervals, forecasts);
  if (laws !== null) return boundsByLevels(intervals, forecasts, laws);
  const unknown = (): Float64Array => new Float64Array(forecasts.length).fill(Number.NaN);
  return { p10: unknown(), p50: unknown(), p90: unknown() };
}
