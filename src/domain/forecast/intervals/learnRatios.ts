import type { UnseenForecast } from '../combination/learnCalibration.ts';
import { COVERAGE, conformalQuantile, groupsOfLikeForecast, narrowestIntervals } from './conformal.ts';
import type { IntervalRatios } from './intervalRatios.ts';

/** Customers of a group: enough for quantiles of 10 % and 90 %. */
const GROUPS = { least: 80, most: 20 };
/** Groups of whom more bought nothing keep COVERAGE: their bounds jump where that share changes a little. */
const MOST_IDLE_ADJUSTED = 0.5;

/**
 * Intervals in ratios to the forecast: in each group of like forecast the quantiles of actual over forecast.
 *
 * Where a tenth of a group or more bought nothing, no lower bound cuts off a tenth: it is 0, and the upper bound alone
 * leaves a fifth outside. Where four fifths or more bought nothing, both are 0, and nobody can make them narrower; so
 * that the intervals hold four fifths of all customers and not more, groups that bought more often hold somewhat less.
 *
 * @param origin revenue and forecasts from above 0, at least one customer.
 * @param scale of the sizes: the window that will be forecast over that of the origin.
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

/** Actual over forecast of customers of like forecast, ascending. */
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
