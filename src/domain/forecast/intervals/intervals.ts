import type { RevenueDistributions } from '../../btyd/revenueDistributions.ts';
import type { ForecastIntervals } from './forecastIntervals.ts';
import { boundsByLevels, type IntervalLevels } from './intervalLevels.ts';
import { boundsByRatios, type IntervalRatios } from './intervalRatios.ts';

/** How intervals are made of forecasts: from predictive distributions, or in ratios to the forecast without a purchase model. */
export type Intervals = IntervalLevels | IntervalRatios;

/**
 * The intervals of forecasts, in currency; NaN where they are made from distributions and there are none.
 *
 * @param distributions of the same customers; null without a purchase model.
 */
export function applyIntervals(
  intervals: Intervals,
  forecasts: Float64Array,
  distributions: RevenueDistributions | null,
): ForecastIntervals {
  if (intervals.kind === 'ratios') return boundsByRatios(intervals, forecasts);
  if (distributions !== null) return boundsByLevels(intervals, forecasts, distributions);
  const unknown = (): Float64Array => new Float64Array(forecasts.length).fill(Number.NaN);
  return { p10: unknown(), p50: unknown(), p90: unknown() };
}
