import { Random } from '../random.ts';

/** The difference between the errors of two forecasts of the same customers, and how sure it is. */
export interface PairedDifference {
  /** RMSE of the first forecast minus RMSE of the second, in currency: below zero the first is better. */
  readonly rmseDifference: number;
  /** The 2.5 % and the 97.5 % quantile of that difference over the resamples. */
  readonly interval: readonly [number, number];
  /** The share of the resamples in which the first forecast has the smaller error. */
  readonly shareFirstBetter: number;
}

/** The squared error of each customer's forecast. */
export function squaredErrors(predicted: Float64Array, actual: Float64Array): Float64Array {
  return predicted.map((value, i) => (value - actual[i]) ** 2);
}

/**
 * RMSE differences of the resamples `from` up to, not including, `to`. Customers are drawn with replacement, and both
 * errors of a customer go together, so that what is hard for both forecasts cancels out. Each resample has a stream of
 * its own: the whole can be cut into slices at will.
 *
 * @param first squared errors of the first forecast, one a customer; `second` of the second, in the same order.
 */
export function resampleDifferences(
  first: Float64Array,
  second: Float64Array,
  { seed, from, to }: { readonly seed: number; readonly from: number; readonly to: number },
): Float64Array {
  const n = first.length;
  const differences = new Float64Array(to - from);
  for (let resample = from; resample < to; resample++) {
    const random = new Random(seed, resample);
    let sumFirst = 0;
    let sumSecond = 0;
    for (let draw = 0; draw < n; draw++) {
      const customer = random.below(n);
      sumFirst += first[customer];
      sumSecond += second[customer];
    }
    differences[resample - from] = Math.sqrt(sumFirst / n) - Math.sqrt(sumSecond / n);
  }
  return differences;
}

/**
 * The paired bootstrap with percentile interval (Efron and Tibshirani 1993, chapter 13).
 *
 * @param differences those of all resamples, from {@link resampleDifferences}; at least one.
 */
export function summariseResamples(
  first: Float64Array,
  second: Float64Array,
  differences: Float64Array,
): PairedDifference {
  const sorted = differences.toSorted();
  return {
    rmseDifference: rootOfMean(first) - rootOfMean(second),
    interval: [quantile(sorted, 0.025), quantile(sorted, 0.975)],
    shareFirstBetter:
      differences.reduce((count, value) => count + (value < 0 ? 1 : 0), 0) / differences.length,
  };
}

function rootOfMean(squares: Float64Array): number {
  return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length);
}

/** Linear between the two nearest order statistics (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
