import type { RevenueDistributions } from '../../btyd/revenueDistributions.ts';
import { shareWithin } from './forecastIntervals.ts';
import { applyIntervals, type Intervals } from './intervals.ts';

/** Share of the customers that the intervals are to hold. */
export const COVERAGE = 0.8;
/** The least share of a group that its intervals hold, where those of other groups cannot help holding more than COVERAGE. */
const LEAST_LEVEL = 0.7;
const LEVEL_STEPS = 10;
/** Forecasts below this, in currency, count as this, because a ratio to nothing says nothing. */
export const LEAST_FORECAST = 1e-6;

/** Customers with similar forecasts. */
export interface ForecastGroup {
  /** The forecast of the one in the middle, in currency. */
  readonly size: number;
  /** Their rows, by forecast. */
  readonly rows: Uint32Array;
}

/**
 * Cuts customers into groups of nearly the same size by their forecast, in ascending order. Groups of the same forecast are
 * one; those of customers of whom nothing is expected are left out, because a ratio to nothing says nothing.
 *
 * @param least the fewest customers of a group, unless there are fewer in all. @param most the largest number of groups.
 */
export function groupsOfLikeForecast(
  predicted: Float64Array,
  { least, most }: { readonly least: number; readonly most: number },
): ForecastGroup[] {
  const order = Uint32Array.from(predicted, (_, row) => row).sort(
    (a, b) => predicted[a] - predicted[b] || a - b,
  );
  const count = Math.max(1, Math.min(most, Math.floor(order.length / least)));
  const groups: ForecastGroup[] = [];
  let start = 0;
  for (let group = 0; group < count; group++) {
    const end = Math.floor(((group + 1) * order.length) / count);
    const from = Math.floor((group * order.length) / count);
    const size = predicted[order[from + ((end - from) >> 1)]];
    if (!(size > 0)) continue;
    // Two groups of one size, as a forecast with few values gives them, are one: a point to interpolate between.
    if (size === groups.at(-1)?.size) groups.pop();
    else start = from;
    groups.push({ size, rows: order.subarray(start, end) });
  }
  return groups;
}

/**
 * The quantile of split conformal prediction: the value at place `share * (n + 1)` of the ascending values, interpolated
 * between two places, at least the first and at most the last. Since the k-th of n values exceeds, on average, the share
 * `k / (n + 1)` of further values, this one exceeds `share` of them.
 */
export function conformalQuantile(sorted: Float64Array, share: number): number {
  const place = Math.min(sorted.length, Math.max(1, share * (sorted.length + 1)));
  const below = sorted[Math.floor(place) - 1];
  return below + (place % 1) * ((sorted[Math.floor(place)] ?? below) - below);
}

/**
 * Of the intervals that are made for a level from LEAST_LEVEL to COVERAGE, those for the lowest level that still hold
 * COVERAGE of all customers.
 */
export function narrowestIntervals<Kind extends Intervals>(
  { predicted, actual }: { readonly predicted: Float64Array; readonly actual: Float64Array },
  distributions: RevenueDistributions | null,
  intervalsAt: (level: number) => Kind,
): Kind {
  const at = (step: number): Kind =>
    intervalsAt(LEAST_LEVEL + ((COVERAGE - LEAST_LEVEL) * step) / LEVEL_STEPS);
  // The first step whose level holds enough; the last stands for COVERAGE itself.
  let [low, high] = [0, LEVEL_STEPS];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (shareWithin(actual, applyIntervals(at(middle), predicted, distributions)) >= COVERAGE) high = middle;
    else low = middle + 1;
  }
  return at(low);
}
