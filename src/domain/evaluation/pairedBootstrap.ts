import { ClvError } from '../errors.ts';
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
 * RMSE differences of the resamples `from` up to, not including, `to`. Customers are drawn with replacement, and the
 * two errors of a customer stay together, so that what is hard for both forecasts cancels out. Each resample has its
 * own stream of random numbers, so the work can be divided in any way.
 *
 * Each customer is drawn a Poisson number of times, with mean 1. Among many customers that is nearly the same as
 * drawing with replacement (Hanley and MacGibbon 2006; Chamandy, Muralidharan, Najmi and Naidu 2012), and the errors
 * are read in the order in which they lie in memory.
 *
 * @param first squared errors of the first forecast, one a customer; `second` those of the second, in the same order.
 * @returns one difference a resample, in currency.
 * @throws ClvError `METRICS_EMPTY` for no customers.
 */
export function resampleDifferences(
  first: Float64Array,
  second: Float64Array,
  { seed, from, to }: { readonly seed: number; readonly from: number; readonly to: number },
): Float64Array {
  if (first.length === 0)
    throw new ClvError('METRICS_EMPTY', 'There is no customer to compare two forecasts on.');
  const differences = new Float64Array(to - from);
  for (let resample = from; resample < to; resample++) {
    differences[resample - from] = resampleDifference(first, second, new Random(seed, resample));
  }
  return differences;
}

function resampleDifference(first: Float64Array, second: Float64Array, random: Random): number {
  const last = first.length - 1;
  let sumFirst = 0;
  let sumSecond = 0;
  let drawn = 0;
  // With few customers it may happen that none of them is drawn; then all are drawn again.
  while (drawn === 0) {
    for (let customer = 0; customer < last; customer += 2) {
      // Each half of a random number serves one customer.
      const bits = random.uint32();
      const times = POISSON[bits >>> 16];
      const timesNext = POISSON[bits & 0xffff];
      drawn += times + timesNext;
      sumFirst += times * first[customer] + timesNext * first[customer + 1];
      sumSecond += times * second[customer] + timesNext * second[customer + 1];
    }
    if (last % 2 === 0) {
      const times = POISSON[random.uint32() >>> 16];
      drawn += times;
      sumFirst += times * first[last];
      sumSecond += times * second[last];
    }
  }
  return Math.sqrt(sumFirst / drawn) - Math.sqrt(sumSecond / drawn);
}

/** A Poisson number of mean 1 for each of 2^16 equally likely cases. */
const POISSON = poissonTable(2 ** 16);

function poissonTable(cases: number): Uint8Array {
  const table = new Uint8Array(cases);
  let times = 0;
  let probability = Math.exp(-1);
  let cumulated = probability;
  for (let i = 0; i < cases; i++) {
    while ((i + 0.5) / cases > cumulated) {
      probability /= ++times;
      cumulated += probability;
    }
    table[i] = times;
  }
  return table;
}

/**
 * The paired bootstrap with percentile interval (Efron and Tibshirani 1993, chapter 13).
 *
 * @param differences the RMSE differences of all resamples, from {@link resampleDifferences}; at least one.
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
