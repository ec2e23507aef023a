import { median } from '../../evaluation/averages.ts';
import { type Beyond, forecastBeyond } from './beyond.ts';

/**
 * How contenders are put together (stacking): non-negative weights that add up to 1, one set for the bulk of the customers
 * and one for the largest customers, who decide the squared error and of whom trees have seen few. The size of a customer
 * is the plain mean of the `gauge` contenders; between two sizes, one set of weights passes gradually into the other. A
 * contender that is far from the median of the gauge is followed only up to `reach`, because trees may forecast twice what
 * all others do for a customer unlike any they have seen.
 */
export interface StackWeights {
  readonly bulk: readonly number[];
  readonly largest: readonly number[];
  /** One entry a contender: 1 where it takes part in the mean that is a customer's size, else 0. */
  readonly gauge: readonly number[];
  /** How far above and below the median of the gauge a contender is followed, as a factor above 1; null for no limit. */
  readonly reach: number | null;
  /** Up to the size `passesFrom`, in currency, the weights are those of the bulk; from `passesTo` on, those of the largest. */
  readonly passesFrom: number;
  readonly passesTo: number;
  /** Who is far larger than any customer that the weights were measured on; null where nobody is. */
  readonly beyond: Beyond | null;
}

/** One set of weights holds for customers of every size. */
export const ANY_SIZE = { passesFrom: Number.MAX_VALUE, passesTo: Number.MAX_VALUE, beyond: null };

/** The weight of the `largest` set, 0 to 1, linear in the logarithm of the size. */
export function shareOfLargest(
  size: number,
  { passesFrom, passesTo }: Pick<StackWeights, 'passesFrom' | 'passesTo'>,
): number {
  return sharePassed(size, passesFrom, passesTo);
}

function sharePassed(size: number, from: number, to: number): number {
  if (!(size > from)) return 0;
  if (size >= to) return 1;
  return Math.log(size / from) / Math.log(to / from);
}

/**
 * The stack's forecast of each customer, in currency.
 *
 * @param forecasts one array a contender, each with one number a customer, in currency.
 */
export function applyStack(weights: StackWeights, forecasts: readonly Float64Array[]): Float64Array {
  const { bulk, largest, gauge, reach, beyond } = weights;
  const gauges = forecasts.filter((_, k) => gauge[k] === 1);
  return gaugeSizes(gauge, forecasts).map((size, row) => {
    const share = shareOfLargest(size, weights);
    const middle = reach === null ? 0 : median(gauges.map((forecast) => forecast[row]));
    let sum = 0;
    forecasts.forEach((forecast, k) => {
      const followed =
        reach === null ? forecast[row] : Math.min(Math.max(forecast[row], middle / reach), middle * reach);
      sum += ((1 - share) * bulk[k] + share * largest[k]) * followed;
    });
    const far = beyond === null ? 0 : sharePassed(size, beyond.from, beyond.to);
    return far === 0 ? sum : (1 - far) * sum + far * forecastBeyond(forecasts, row);
  });
}

/** The size of each customer: the plain mean of the gauge's contenders, in currency. */
export function gaugeSizes(gauge: readonly number[], forecasts: readonly Float64Array[]): Float64Array {
  const gauges = forecasts.filter((_, k) => gauge[k] === 1);
  return forecasts[0].map(
    (_, row) => gauges.reduce((sum, forecast) => sum + forecast[row], 0) / gauges.length,
  );
}
