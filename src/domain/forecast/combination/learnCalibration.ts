import { mean } from '../../evaluation/averages.ts';
import type { Season } from '../season/season.ts';

/** A forecast out of time and what came; in currency, one number a customer. */
export interface UnseenForecast {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/**
 * By how much the totals of good forecasts vary from one window to the next for no lasting reason, beyond the luck of
 * single customers: a standard deviation, in logarithms. Two or three windows cannot tell that themselves.
 */
const PASSING_BIAS = 0.1;
/** The same between one half of the year and the other, in a shop whose season is not known yet. */
const UNKNOWN_SEASON = 0.5;
const MONTHS_OF_YEAR = 12;

/** What the windows of unseen forecasts are of, one month or several each. */
export interface UnseenWindows {
  /** How many months they hold together: where these leave out a part of the year, what looks like a bias may be the season. */
  readonly months: number;
  /** Of each of them; where these add up to more than `months`, the windows overlap and say less. */
  readonly predMonths: number;
  /** The season that the forecasts follow; where one is known, a bias is not put down to the season. */
  readonly season: Season | null;
}

/**
 * The factor that makes totals add up, learned out of time: the exponential of `m³ / (m² + v)`, where m is the mean over the
 * windows of ln(actual over predicted total), and v the variance of m for passing reasons. It shrinks m towards 0 (Thompson
 * 1968, Some Shrinkage Techniques for Estimating the Mean, JASA 63). So a season or a lucky month is not taken for a bias,
 * and a bias that comes back is corrected nearly whole. The luck of a few customers who make up much of a total is not taken
 * for one either: windows vary at least as much as independent customers cause. A season that is not known yet does not
 * average out over windows that see the same part of the year. 1 where nothing is known.
 */
export function learnCalibration(
  unseen: readonly UnseenForecast[],
  { months, predMonths, season }: UnseenWindows,
): number {
  const known = unseen.flatMap((forecast) => {
    const log = logOfTotals(forecast);
    return log === null ? [] : [{ log, sampling: varianceOfLog(forecast) }];
  });
  if (known.length === 0) return 1;
  const logs = known.map(({ log }) => log);
  const centre = mean(logs);
  const variance =
    logs.length === 1 ? 0 : logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / (logs.length - 1);
  const sampling = mean(known.map((it) => it.sampling));
  const ofWindow = Math.max(variance, sampling) + PASSING_BIAS ** 2;
  const windows = Math.min(logs.length, months / predMonths);
  const unseenYear = season === null ? Math.max(0, 1 - months / MONTHS_OF_YEAR) : 0;
  const passing = ofWindow / windows + unseenYear * UNKNOWN_SEASON ** 2;
  return Math.exp(centre ** 3 / (centre ** 2 + passing));
}

/** The factor that would have made the total of a forecast right; 1 where either total is not above 0. */
export function factorOfTotals(forecast: UnseenForecast): number {
  return Math.exp(logOfTotals(forecast) ?? 0);
}

function logOfTotals({ predicted, actual }: UnseenForecast): number | null {
  const [forecast, came] = [totalOf(predicted), totalOf(actual)];
  return forecast > 0 && came > 0 ? Math.log(came / forecast) : null;
}

/**
 * The variance of the logarithm of actual over predicted total for forecasts without bias and independent customers: the
 * sum of squared errors over the product of the totals (the delta method).
 */
function varianceOfLog({ predicted, actual }: UnseenForecast): number {
  const squares = actual.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
  return squares / (totalOf(predicted) * totalOf(actual));
}

function totalOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
