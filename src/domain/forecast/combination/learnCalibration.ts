import type { Season } from '../season/season.ts';

/** A forecast out of time and what came. */
export interface UnseenForecast {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/**
 * How much totals of good forecasts stray from one origin to the next (as a logarithm) for no lasting reason. Measured:
 * what is left of a tenth at the origins says nothing of the total that follows (bench/RESULTS.md); what is corrected is a
 * bias of another size.
 */
const USUAL_STRAYING = 0.2;
/** How much totals of one half of the year stray from those of the other, in a shop whose season nobody knows yet. */
const UNKNOWN_SEASON = 0.5;
const MONTHS_OF_YEAR = 12;

/**
 * The factor that makes totals add up, learned out of time: the mean logarithm of actual over predicted total over the
 * origins, shrunk towards none by how much it strays (empirical Bayes, Efron and Morris 1973): a season or a lucky
 * month is not taken for a bias, a bias that comes back is corrected nearly whole. Nor is the luck of the few customers on
 * whom a total may hang: it is expected to stray at least as much as independent customers make it. 1 where nothing is known.
 *
 * @param months that the windows of the origins hold together: where they leave some of the year out, what looks like a bias
 * may be the season. @param season that the forecasts follow; where one is known, it is no such cause.
 */
export function learnCalibration(
  origins: readonly UnseenForecast[],
  months: number,
  season: Season | null,
): number {
  const known = origins.flatMap((origin) => {
    const log = logOfTotals(origin);
    return log === null ? [] : [{ log, luck: varianceOfLog(origin) }];
  });
  if (known.length === 0) return 1;
  const logs = known.map(({ log }) => log);
  const mean = meanOf(logs);
  const variance =
    logs.length === 1 ? 0 : logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const luck = meanOf(known.map((it) => it.luck));
  const unseen = season === null ? Math.max(0, 1 - months / MONTHS_OF_YEAR) : 0;
  const chance = Math.max(variance, luck) + USUAL_STRAYING ** 2 + unseen * UNKNOWN_SEASON ** 2;
  return Math.exp(mean ** 3 / (mean ** 2 + chance));
}

/** The factor that would have made an origin's total right; 1 where there is none. */
export function factorOfTotals(forecast: UnseenForecast): number {
  return Math.exp(logOfTotals(forecast) ?? 0);
}

function logOfTotals({ predicted, actual }: UnseenForecast): number | null {
  const [forecast, came] = [totalOf(predicted), totalOf(actual)];
  return forecast > 0 && came > 0 ? Math.log(came / forecast) : null;
}

/**
 * The variance of the logarithm of actual over predicted total where nothing is biased and customers are independent: the
 * squared errors, over the product of the totals (the delta method).
 */
function varianceOfLog({ predicted, actual }: UnseenForecast): number {
  const squares = actual.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
  return squares / (totalOf(predicted) * totalOf(actual));
}

function totalOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
