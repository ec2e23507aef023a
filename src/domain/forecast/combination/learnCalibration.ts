import { mean } from '../../evaluation/averages.ts';
import type { Season } from '../season/season.ts';
import { missOfTotal, type UnseenForecast } from './unseenForecast.ts';

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
  const known = unseen.map(missOfTotal).filter((miss) => miss !== null);
  if (known.length === 0) return 1;
  const logs = known.map(({ log }) => log);
  const centre = mean(logs);
  const variance =
    logs.length === 1 ? 0 : logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / (logs.length - 1);
  const luck = mean(known.map((it) => it.luck));
  const ofWindow = Math.max(variance, luck) + PASSING_BIAS ** 2;
  const windows = Math.min(logs.length, months / predMonths);
  const passing = ofWindow / windows + unseenShareOfYear({ months, season }) * UNKNOWN_SEASON ** 2;
  return Math.exp(centre ** 3 / (centre ** 2 + passing));
}

/** The share of the year that the windows leave out while its season is not known; 0 where it is. */
export function unseenShareOfYear({ months, season }: Pick<UnseenWindows, 'months' | 'season'>): number {
  return season === null ? Math.max(0, 1 - months / MONTHS_OF_YEAR) : 0;
}
