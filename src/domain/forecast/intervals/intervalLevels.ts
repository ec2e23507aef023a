import type { RevenueDistributions } from '../../btyd/revenueDistributions.ts';
import { betweenSizes } from './betweenSizes.ts';
import type { ForecastIntervals } from './forecastIntervals.ts';
import { distributionAround, quantile } from './predictiveDistribution.ts';

/**
 * The levels of customers' predictive distributions at which the bounds lie, by the size of the forecast, measured out of
 * time. If the distributions were calibrated, `low` would be 0.1 and `high` 0.9. Between two sizes, levels are interpolated
 * over the logarithm of the size.
 */
export interface IntervalLevels {
  readonly kind: 'levels';
  /** Ascending forecasts, in currency; at least one. */
  readonly sizes: readonly number[];
  /** Levels from 0 to below 1, one entry a size. */
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
  /** The level of the upper bound for customers whose lower bound is 0, because they buy nothing with a probability of at least `low`. */
  readonly highFromZero: readonly number[];
  /** The same for idle customers. */
  readonly highOfIdle: readonly number[];
}

/** A customer who buys nothing with a higher probability than this counts as idle. */
export const IDLE_FROM = 0.5;

/**
 * The intervals around forecasts, in currency; 0 where the forecast is 0. No bound lies higher than a forecast allows that
 * is a mean: at most one customer in k spends k times the mean (Markov's inequality). Where the orders of one customer
 * differ a millionfold, the tail of a distribution knows no such limit.
 *
 * @param forecasts one number a customer, in currency. @param distributions of the same customers, in the same order.
 */
export function boundsByLevels(
  levels: IntervalLevels,
  forecasts: Float64Array,
  distributions: RevenueDistributions,
): ForecastIntervals {
  const between = betweenSizes(levels.sizes);
  const bounds = {
    p10: new Float64Array(forecasts.length),
    p50: new Float64Array(forecasts.length),
    p90: new Float64Array(forecasts.length),
  };
  forecasts.forEach((forecast, row) => {
    if (!(forecast > 0)) return;
    const distribution = distributionAround(distributions, row, forecast);
    const low = between(levels.low, forecast);
    const whole = distribution.pNone > IDLE_FROM ? levels.highOfIdle : levels.highFromZero;
    const boundAt = (level: number): number =>
      Math.min(quantile(distribution, level), forecast / (1 - level));
    bounds.p10[row] = boundAt(low);
    bounds.p50[row] = boundAt(between(levels.middle, forecast));
    bounds.p90[row] = boundAt(between(distribution.pNone >= low ? whole : levels.high, forecast));
  });
  return bounds;
}
