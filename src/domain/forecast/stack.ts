/**
 * How contenders are put together: non-negative weights that add up to 1, one set for the bulk of the customers and one
 * for the largest, who decide the squared error and whom trees have seen few of. Between two sizes one set passes
 * into the other. The size of a customer is the plain mean of the `gauge` contenders.
 */
export interface StackWeights {
  readonly bulk: readonly number[];
  readonly largest: readonly number[];
  /** 1 for contenders whose mean is a customer's size, else 0. */
  readonly gauge: readonly number[];
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
  const sizes = gaugeSizes(weights.gauge, forecasts);
  return sizes.map((size, row) => {
    const share = shareOfLargest(size, weights);
    let sum = 0;
    forecasts.forEach((forecast, k) => {
      sum += ((1 - share) * weights.bulk[k] + share * weights.largest[k]) * forecast[row];
    });
    return sum;
  });
}

/** The size of each customer: the plain mean of the gauge's contenders, in currency. */
export function gaugeSizes(gauge: readonly number[], forecasts: readonly Float64Array[]): Float64Array {
  const gauges = forecasts.filter((_, k) => gauge[k] === 1);
  return forecasts[0].map(
    (_, row) => gauges.reduce((sum, forecast) => sum + forecast[row], 0) / gauges.length,
  );
}
