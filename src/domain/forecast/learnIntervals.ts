import type { IntervalTable } from './intervals.ts';
import { factorOfTotals, type UnseenForecast } from './learnCalibration.ts';

/** Customers of a size group: enough for quantiles of 10 % and 90 %. */
const CUSTOMERS_OF_GROUP = 80;
const MOST_GROUPS = 20;
/** Share of the customers that the interval is to hold. */
const COVERAGE = 0.8;
/** Forecasts below this count as this: ratios to nothing say nothing. */
const LEAST_FORECAST = 1e-6;

/**
 * Learns 80 % intervals from the latest origin by split conformal prediction, for groups of customers of like forecast
 * apart (Mondrian; Vovk, Gammerman and Shafer 2005): in each group the quantiles of actual over forecast, with the
 * correction for a finite group. The forecasts are first scaled to the origin's total, so that a season that one
 * factor explains does not pass for the spread of customers.
 *
 * Where a tenth of a group or more bought nothing, no lower bound cuts off a tenth: it is 0, and the upper bound alone
 * leaves a fifth outside. Where four fifths or more bought nothing, both are 0.
 *
 * @param origin at least one customer.
 * @param scale of the sizes: the window that will be forecast over that of the origin.
 */
export function learnIntervals(origin: UnseenForecast, scale: number): IntervalTable {
  const factor = factorOfTotals(origin);
  const predicted = origin.predicted.map((value) => Math.max(value * factor, LEAST_FORECAST));
  const order = Uint32Array.from(predicted, (_, row) => row).sort(
    (a, b) => predicted[a] - predicted[b] || a - b,
  );
  const groups = Math.max(1, Math.min(MOST_GROUPS, Math.floor(order.length / CUSTOMERS_OF_GROUP)));
  const table = { sizes: [] as number[], low: [] as number[], middle: [] as number[], high: [] as number[] };
  for (let group = 0; group < groups; group++) {
    const rows = order.subarray(
      Math.floor((group * order.length) / groups),
      Math.floor(((group + 1) * order.length) / groups),
    );
    const ratios = Float64Array.from(rows, (row) => Math.max(0, origin.actual[row]) / predicted[row]).sort();
    const idle = ratios.findIndex((ratio) => ratio > 0);
    const idleShare = (idle < 0 ? ratios.length : idle) / ratios.length;
    const tail = (1 - COVERAGE) / 2;
    const hasLowerTail = idleShare < tail;
    const size = scale * predicted[rows[rows.length >> 1]];
    // Two groups of one size, as a forecast with few values gives them, are one point to interpolate between.
    if (table.sizes.length > 0 && size <= (table.sizes.at(-1) as number)) continue;
    table.sizes.push(size);
    table.low.push(hasLowerTail ? conformalQuantile(ratios, tail) : 0);
    table.middle.push(conformalQuantile(ratios, 0.5));
    table.high.push(conformalQuantile(ratios, hasLowerTail ? 1 - tail : COVERAGE));
  }
  return table;
}

/** The order statistic `ceil(share * (n + 1))`, at most the largest. */
function conformalQuantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length, Math.max(1, Math.ceil(share * (sorted.length + 1)))) - 1];
}
