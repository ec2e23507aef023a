import type { RevenueLaws } from '../../btyd/revenueLaws.ts';
import { betweenSizes } from './betweenSizes.ts';
import type { ForecastIntervals } from './forecastIntervals.ts';
import { lawOfForecast, revenueAtLevel } from './forecastLaw.ts';

/**
 * At which levels of customers' laws of revenue the bounds lie, by the size of the forecast: measured out of time. Were
 * the laws right, `low` were 0.1 and `high` 0.9. Between two sizes levels are interpolated over the logarithm of the size.
 */
export interface IntervalLevels {
  readonly kind: 'levels';
  /** Ascending forecasts, in currency; at least one. */
  readonly sizes: readonly number[];
  /** Levels from 0 to below 1, one entry a size. */
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
  /** The upper bound of who is less likely to buy than `low` asks: the lower one is 0 and cuts nobody off. */
  readonly highFromZero: readonly number[];
  /** The same of who is more likely to buy nothing than something. */
  readonly highOfIdle: readonly number[];
}

/** Who buys nothing with a higher probability counts as idle. */
export const IDLE_FROM = 0.5;

/** The intervals of forecasts of customers whose laws these are. */
export function boundsByLevels(
  levels: IntervalLevels,
  forecasts: Float64Array,
  laws: RevenueLaws,
): ForecastIntervals {
  const between = betweenSizes(levels.sizes);
  const bounds = {
    p10: new Float64Array(forecasts.length),
    p50: new Float64Array(forecasts.length),
    p90: new Float64Array(forecasts.length),
  };
  forecasts.forEach((forecast, row) => {
    if (!(forecast > 0)) return;
    const law = lawOfForecast(laws, row, forecast);
    const low = between(levels.low, forecast);
    const whole = law.pNone > IDLE_FROM ? levels.highOfIdle : levels.highFromZero;
    bounds.p10[row] = revenueAtLevel(law, low);
    bounds.p50[row] = revenueAtLevel(law, between(levels.middle, forecast));
    bounds.p90[row] = revenueAtLevel(law, between(law.pNone >= low ? whole : levels.high, forecast));
  });
  return bounds;
}
