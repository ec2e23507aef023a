import { mean } from '../../evaluation/averages.ts';
import { outlyingRows } from '../../evaluation/outliers.ts';
import { type UnseenWindows, unseenShareOfYear } from '../combination/learnCalibration.ts';
import { missOfTotal, totalOf, type UnseenForecast } from '../combination/unseenForecast.ts';
import type { ForecastIntervals } from './forecastIntervals.ts';

/** How far the revenue of all customers together may be from the sum of their forecasts, learned out of time. */
export interface TotalSpread {
  /** Of all customers together: the variance of the logarithm of actual over predicted total, luck of single ones aside. */
  readonly together: number;
  /** Of each customer alone: the variance of the revenue over its expectation, in currency. */
  readonly dispersion: number;
}

/** Bounds between which the revenue of all customers together lies in four windows of five, in currency. */
export interface TotalBounds {
  readonly p10: number;
  readonly p90: number;
}

/**
 * What good forecasts are missed by together from one window to the next, a standard deviation in logarithms, and how many
 * windows that counts as: two or three windows alone cannot tell it.
 */
const USUAL_MISS = { deviation: 0.05, windows: 3 };
/**
 * The same of a window in a part of the year that was never seen. The season takes such windows of the shops in
 * bench/RESULTS.md 0.08 to 0.4 from the average of the year.
 */
const UNKNOWN_SEASON = 0.25;
/** How much of a change of level is in doubt, as a standard deviation: it may not last, and it was seen for a few months only. */
const DOUBT_OF_SHIFT = 0.25;
/** The quantile 0.9 of the standard normal distribution, by which 0.1 and 0.9 are from its middle. */
const NORMAL_P90 = 1.2815515655446004;

/**
 * Learns by how much totals may be missed, from how they were missed before, after the correction. What is missed because
 * every customer is on their own shrinks as customers become more: their variance is taken to grow with the forecast
 * (quasi-likelihood; Wedderburn 1974). What all customers have in common (a good year, a new competitor) does not, and is
 * shrunk towards what is usual; a part of the year that nobody has seen, and a change of level that may pass, are added. Null
 * where nothing is known.
 *
 * @param unseen forecasts before the correction. @param calibration what they are multiplied with.
 */
export function learnTotalSpread(
  unseen: readonly UnseenForecast[],
  windows: Pick<UnseenWindows, 'months' | 'season'>,
  calibration: number,
): TotalSpread | null {
  const known = unseen.flatMap((forecast) => {
    const miss = missOfTotal(forecast);
    return miss === null ? [] : [{ ...miss, forecast: totalOf(forecast.predicted) }];
  });
  if (known.length === 0) return null;
  const together = known.reduce((sum, { log, luck }) => sum + (log - Math.log(calibration)) ** 2 - luck, 0);
  const { deviation, windows: usual } = USUAL_MISS;
  return {
    together:
      (usual * deviation ** 2 + Math.max(0, together)) / (usual + known.length) +
      unseenShareOfYear(windows) * UNKNOWN_SEASON ** 2 +
      (DOUBT_OF_SHIFT * Math.log(windows.season?.shift?.factor ?? 1)) ** 2,
    dispersion: mean(known.map(({ luck, forecast }) => luck * forecast)),
  };
}

/**
 * The bounds of the total of forecasts, whose logarithm is taken as normal; null where nothing is expected, or where the bounds
 * of an outlier are not known. Outliers, of whom nothing was learned, vary as their own intervals say.
 *
 * @param predicted one number a customer, in currency. @param bounds of the same customers.
 */
export function boundsOfTotal(
  { together, dispersion }: TotalSpread,
  predicted: Float64Array,
  { p10, p90 }: Pick<ForecastIntervals, 'p10' | 'p90'>,
): TotalBounds | null {
  const total = totalOf(predicted);
  const outliers = outlyingRows(predicted);
  const ofOutliers = outliers.reduce((sum, row) => sum + predicted[row], 0);
  const alone =
    dispersion * (total - ofOutliers) +
    outliers.reduce((sum, row) => sum + ((p90[row] - p10[row]) / (2 * NORMAL_P90)) ** 2, 0);
  const reach = NORMAL_P90 * Math.sqrt(together + alone / total ** 2);
  if (!(total > 0) || Number.isNaN(reach)) return null;
  return { p10: total * Math.exp(-reach), p90: total * Math.exp(reach) };
}
