import type { UnseenForecast } from '../combination/unseenForecast.ts';
import { COVERAGE, conformalQuantile, groupsOfLikeForecast, narrowestIntervals } from './conformal.ts';
import type { IntervalRatios } from './intervalRatios.ts';

/** Customers of a group: enough for quantiles of 10 % and 90 %. */
const GROUPS = { least: 80, most: 20 };
/**
 * Where a larger share of a group than this bought nothing, its interval keeps COVERAGE: its bounds would jump with any
 * small change of the level.
 */
const MOST_IDLE_ADJUSTED = 0.5;

/**
 * Intervals in ratios to the forecast: in each group of customers with similar forecasts, quantiles of actual revenue over
 * forecast.
 *
 * Where a tenth of a group or more bought nothing, no lower bound above 0 leaves just a tenth below it. The lower bound is
 * 0 then, and the upper bound alone leaves a fifth of the group outside. Where four fifths or more bought nothing, both
 * bounds are 0 and the interval cannot be made narrower, although it holds more customers than asked for. The intervals of
 * the other groups are therefore made to hold somewhat fewer, so that over all customers together it is four fifths.
 *
 * @param origin what was forecast and what came, in currency: forecasts above 0, revenue from 0, at least one customer.
 * @param scale what the sizes of the groups are multiplied with: the length of the window that will be forecast over that
 *   of the origin.
 */
export function learnRatios(origin: UnseenForecast, scale: number): IntervalRatios {
  const { predicted, actual } = origin;
  const groups = groupsOfLikeForecast(predicted, GROUPS).map(({ size, rows }) => ({
    size,
    ratios: Float64Array.from(rows, (row) => actual[row] / predicted[row]).sort(),
  }));
  const narrowest = narrowestIntervals(origin, null, (level) => ratiosOf(groups, level));
  return { ...narrowest, sizes: narrowest.sizes.map((size) => scale * size) };
}

/** Customers with similar forecasts: the forecast of the one in the middle, and all ratios of actual to forecast, ascending. */
interface Group {
  readonly size: number;
  readonly ratios: Float64Array;
}

/** @param wanted share of a group that its interval is to hold. */
function ratiosOf(groups: readonly Group[], wanted: number): IntervalRatios {
  const bounds = groups.map(({ ratios }) => {
    const idle = ratios.findIndex((ratio) => ratio > 0);
    const idleShare = (idle < 0 ? ratios.length : idle) / ratios.length;
    const level = idleShare > MOST_IDLE_ADJUSTED ? COVERAGE : wanted;
    const tail = (1 - level) / 2;
    const hasLowerTail = idleShare < tail;
    return {
      low: hasLowerTail ? conformalQuantile(ratios, tail) : 0,
      middle: conformalQuantile(ratios, 0.5),
      high: conformalQuantile(ratios, hasLowerTail ? 1 - tail : level),
    };
  });
  return {
    kind: 'ratios',
    sizes: groups.map(({ size }) => size),
    low: bounds.map(({ low }) => low),
    middle: bounds.map(({ middle }) => middle),
    high: bounds.map(({ high }) => high),
  };
}
