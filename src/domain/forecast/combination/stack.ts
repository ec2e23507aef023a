/**
 * How contenders are put together: non-negative weights that add up to 1, one set for the bulk of the customers and one
 * for the largest, who decide the squared error and whom trees have seen few of. Between two sizes one set passes
 * into the other. The size of a customer is the plain mean of the `gauge` contenders. Who strays from their median is
 * followed so far only: of a customer unlike all others, trees may forecast twice what everybody else does.
 */
export interface StackWeights {
  readonly bulk: readonly number[];
  readonly largest: readonly number[];
  /** 1 for contenders whose mean is a customer's size, else 0. */
  readonly gauge: readonly number[];
  /** How far from the gauge's median a contender is followed, up and down, as a factor above 1; null for any distance. */
  readonly reach: number | null;
  /** Sizes, in currency, up to which the weights are those of the bulk, and from which on those of the largest. */
  readonly passesFrom: number;
  readonly passesTo: number;
}

/** The weight of the `largest` set, 0 to 1, linear in the logarithm of the size. */
export function shareOfLargest(
  size: number,
  { passesFrom, passesTo }: Pick<StackWeights, 'passesFrom' | 'passesTo'>,
): number {
  if (!(size > passesFrom)) return 0;
  if (size >= passesTo) return 1;
  return Math.log(size / passesFrom) / Math.log(passesTo / passesFrom);
}

/**
 * The stack's forecast of each customer.
 *
 * @param forecasts one array a contender, one number a customer.
 */
export function applyStack(weights: StackWeights, forecasts: readonly Float64Array[]): Float64Array {
  const { bulk, largest, gauge, reach } = weights;
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
    return sum;
  });
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The size of each customer: the plain mean of the gauge's contenders, in currency. */
export function gaugeSizes(gauge: readonly number[], forecasts: readonly Float64Array[]): Float64Array {
  const gauges = forecasts.filter((_, k) => gauge[k] === 1);
  return forecasts[0].map(
    (_, row) => gauges.reduce((sum, forecast) => sum + forecast[row], 0) / gauges.length,
  );
}
