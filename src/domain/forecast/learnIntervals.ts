import { applyIntervals, type IntervalTable, shareWithin } from './intervals.ts';
import { factorOfTotals, type UnseenForecast } from './learnCalibration.ts';

/** Customers of a size group: enough for quantiles of 10 % and 90 %. */
const CUSTOMERS_OF_GROUP = 80;
const MOST_GROUPS = 20;
/** Share of the customers that the intervals are to hold. */
const COVERAGE = 0.8;
/** What a group's interval holds at least, where those of other groups cannot but hold more than COVERAGE. */
const LEAST_LEVEL = 0.7;
const LEVEL_STEPS = 10;
/** Groups of whom more bought nothing keep COVERAGE: their bounds jump where that share changes a little. */
const MOST_IDLE_ADJUSTED = 0.5;
/** Forecasts below this count as this: ratios to nothing say nothing. */
const LEAST_FORECAST = 1e-6;

/**
 * Learns 80 % intervals from the latest origin by split conformal prediction, for groups of customers of like forecast
 * apart (Mondrian; Vovk, Gammerman and Shafer 2005): in each group the quantiles of actual over forecast, with the
 * correction for a finite group. The forecasts are first scaled to the origin's total, so that a season that one
 * factor explains does not pass for the spread of customers.
 *
 * Where a tenth of a group or more bought nothing, no lower bound cuts off a tenth: it is 0, and the upper bound alone
 * leaves a fifth outside. Where four fifths or more bought nothing, both are 0, and nobody can make them narrower; so
 * that the intervals hold four fifths of all customers and not more, groups that bought more often hold somewhat less.
 *
 * @param origin at least one customer.
 * @param scale of the sizes: the window that will be forecast over that of the origin.
 */
export function learnIntervals(origin: UnseenForecast, scale: number): IntervalTable {
  const factor = factorOfTotals(origin);
  const predicted = origin.predicted.map((value) => Math.max(value * factor, LEAST_FORECAST));
  const actual = origin.actual.map((value) => Math.max(0, value));
  const groups = groupsOfLikeForecast(predicted, actual);
  const holdsEnough = (step: number): boolean =>
    shareWithin(actual, applyIntervals(tableOf(groups, levelOf(step), 1), predicted)) >= COVERAGE;
  // The first step whose level holds enough; the last stands for COVERAGE itself.
  let [low, high] = [0, LEVEL_STEPS];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holdsEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return tableOf(groups, levelOf(low), scale);
}

/** Customers of like forecast: the forecast of the one in the middle, and actual over forecast of each, ascending. */
interface Group {
  readonly size: number;
  readonly ratios: Float64Array;
}

function groupsOfLikeForecast(predicted: Float64Array, actual: Float64Array): Group[] {
  const order = Uint32Array.from(predicted, (_, row) => row).sort(
    (a, b) => predicted[a] - predicted[b] || a - b,
  );
  const count = Math.max(1, Math.min(MOST_GROUPS, Math.floor(order.length / CUSTOMERS_OF_GROUP)));
  return Array.from({ length: count }, (_, group) => {
    const rows = order.subarray(
      Math.floor((group * order.length) / count),
      Math.floor(((group + 1) * order.length) / count),
    );
    return {
      size: predicted[rows[rows.length >> 1]],
      ratios: Float64Array.from(rows, (row) => actual[row] / predicted[row]).sort(),
    };
  });
}

function levelOf(step: number): number {
  return LEAST_LEVEL + ((COVERAGE - LEAST_LEVEL) * step) / LEVEL_STEPS;
}

/** @param wanted share of a group that its interval is to hold. */
function tableOf(groups: readonly Group[], wanted: number, scale: number): IntervalTable {
  const table = { sizes: [] as number[], low: [] as number[], middle: [] as number[], high: [] as number[] };
  for (const { size, ratios } of groups) {
    // Two groups of one size, as a forecast with few values gives them, are one point to interpolate between.
    if (table.sizes.length > 0 && scale * size <= (table.sizes.at(-1) as number)) continue;
    const idle = ratios.findIndex((ratio) => ratio > 0);
    const idleShare = (idle < 0 ? ratios.length : idle) / ratios.length;
    const level = idleShare > MOST_IDLE_ADJUSTED ? COVERAGE : wanted;
    const tail = (1 - level) / 2;
    const hasLowerTail = idleShare < tail;
    table.sizes.push(scale * size);
    table.low.push(hasLowerTail ? conformalQuantile(ratios, tail) : 0);
    table.middle.push(conformalQuantile(ratios, 0.5));
    table.high.push(conformalQuantile(ratios, hasLowerTail ? 1 - tail : level));
  }
  return table;
}

/** The order statistic `ceil(share * (n + 1))`, at most the largest. */
function conformalQuantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length, Math.max(1, Math.ceil(share * (sorted.length + 1)))) - 1];
}
