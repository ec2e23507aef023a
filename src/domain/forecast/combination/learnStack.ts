import { CONTENDERS, type ContenderName } from '../contenders/contender.ts';
import { type Beyond, beyondSize } from './beyond.ts';
import { ANY_SIZE, applyStack, gaugeSizes, type StackWeights, shareOfLargest } from './stack.ts';

/** What contenders that were fitted on the months before an origin forecast at it, and what came; in currency, one number a customer. */
export interface OriginForecasts {
  readonly predMonths: number;
  readonly actual: Float64Array;
  /** One array a contender, in the order of CONTENDERS. */
  readonly forecasts: readonly Float64Array[];
}

/**
 * The learning rate: how fast weight falls with error, in shops with very many customers. In the bulk, a contender whose error is a tenth
 * above that of the best has exp(-6), a four-hundredth, of the best one's weight. Among the largest customers it has
 * exp(-1), a third, since they are few and their errors say less. Least squares would follow the luck of a few customers
 * from one origin to the next.
 */
const LEARNING_RATE = { bulk: 60, largest: 10 };
/** The errors of this many customers count as half as certain as those of very many. */
const FEW_CUSTOMERS = 1000;
/** The discount factor: the weight of an origin, relative to that of the next later one. */
const DISCOUNT = 0.6;
/**
 * The weights of contenders before any error is known, up to a factor. The naive contenders begin low. Among the largest
 * customers the purchase model and the two that correct it count most, since these can go beyond what they have seen; a
 * rate takes a lucky year for the rule.
 */
const PRIOR: Readonly<Record<ContenderName, { readonly bulk: number; readonly largest: number }>> = {
  mean: { bulk: 0.1, largest: 0 },
  rate: { bulk: 0.1, largest: 0.1 },
  btyd: { bulk: 1, largest: 1 },
  forest: { bulk: 0.5, largest: 0.1 },
  boosted: { bulk: 1, largest: 0.7 },
  forest_btyd: { bulk: 1, largest: 1 },
};
/** The shares of the customers, by size, at which the weights of the bulk end and those of the largest begin. */
const BULK_ENDS = 0.9;
const LARGEST_BEGIN = 0.98;
/** Sizes below this count as this, in currency. */
const LEAST_SIZE = 1e-6;
/** A contender is followed up to a quarter above the median of those that are not naive, and down to it over this factor. */
const REACH = 1.25;
/** The error of another one over that of a contender which is never wrong. */
const WITHOUT_END = Number.MAX_VALUE;

/** The contenders that say how large a customer is: all but the naive ones. */
const GAUGE = CONTENDERS.map(({ name }): number => (name === 'mean' || name === 'rate' ? 0 : 1));

/**
 * Learns stack weights from forecasts out of time: exponential weights (prediction with expert advice, Vovk 1990; Cesa-Bianchi
 * and Lugosi 2006, chapter 2) of each contender's RMSE over that of the best one, averaged over the origins with later ones
 * counting more, and learned separately for the bulk of the customers and for the largest. Without any
 * origin, the contenders that are not naive have the weights that they begin with in the bulk.
 *
 * @param origins latest first.
 * @param predMonths of the forecasts that will be stacked: sizes grow with the window.
 */
export function learnStack(origins: readonly OriginForecasts[], predMonths: number): StackWeights {
  if (origins.length === 0) {
    const bulk = normalised(priorOf('bulk').map((prior, k) => prior * GAUGE[k]));
    return { bulk, largest: bulk, gauge: GAUGE, reach: REACH, ...ANY_SIZE };
  }
  const passes = origins.map(({ forecasts }) => boundsOf(gaugeSizes(GAUGE, forecasts)));
  const customers = discountedMean(origins.map(({ actual }) => actual.length));
  const certainty = customers / (customers + FEW_CUSTOMERS);
  const weigh = (isLargest: boolean): number[] => {
    const relative = origins.map((origin, i) => relativeErrors(origin, passes[i], isLargest));
    const mean = GAUGE.map((_, k) => discountedMean(relative.map((errors) => errors[k])));
    const least = Math.min(...mean);
    const set = isLargest ? 'largest' : 'bulk';
    const rate = certainty * LEARNING_RATE[set];
    const weights = mean.map((error, k) => priorOf(set)[k] * Math.exp(-rate * (error - least)));
    // Where only contenders without a prior were never wrong, nothing is known of the others.
    return normalised(weights.some((weight) => weight > 0) ? weights : priorOf(set));
  };
  const scale = predMonths / origins[0].predMonths;
  return {
    bulk: weigh(false),
    largest: weigh(true),
    gauge: GAUGE,
    reach: REACH,
    passesFrom: passes[0].passesFrom * scale,
    passesTo: passes[0].passesTo * scale,
    beyond: beyondMeasured(origins, predMonths),
  };
}

/**
 * Who is far larger than any customer of the origins; sizes grow with the window.
 *
 * @param origins at least one. @param predMonths of the forecasts that will be stacked.
 */
export function beyondMeasured(origins: readonly OriginForecasts[], predMonths: number): Beyond {
  const largest = origins.map(
    (origin) =>
      gaugeSizes(GAUGE, origin.forecasts).reduce((most, size) => Math.max(most, size), 0) / origin.predMonths,
  );
  return beyondSize(predMonths * Math.max(LEAST_SIZE, ...largest));
}

/** All weight on one contender. */
export function onlyContender(index: number): StackWeights {
  const weights = CONTENDERS.map((_, k) => (k === index ? 1 : 0));
  return { bulk: weights, largest: weights, gauge: GAUGE, reach: null, ...ANY_SIZE };
}

/**
 * The index of the contender whose RMSE, over that of the best one at each origin, is smallest on average; never that of the
 * mean, which tells no customer from another. @param origins at least one.
 */
export function bestContender(origins: readonly OriginForecasts[]): number {
  const relative = origins.map((origin) => relativeErrors(origin, ANY_SIZE, false));
  const sums = CONTENDERS.map(({ name }, k) =>
    name === 'mean' ? Number.POSITIVE_INFINITY : relative.reduce((sum, errors) => sum + errors[k], 0),
  );
  return sums.indexOf(Math.min(...sums));
}

/**
 * The stack's forecast of each origin with weights that were learned from the others (leaving one out); from itself where it
 * is the only one.
 */
export function stackEachUnseen(origins: readonly OriginForecasts[]): Float64Array[] {
  return origins.map((origin, i) => {
    const others = origins.filter((_, j) => j !== i);
    return applyStack(learnStack(others.length > 0 ? others : origins, origin.predMonths), origin.forecasts);
  });
}

/** The mean of what is found at the origins, latest first, later ones counting more. */
function discountedMean(values: readonly number[]): number {
  const weights = values.map((_, age) => DISCOUNT ** age);
  const sum = values.reduce((total, value, age) => total + weights[age] * value, 0);
  return sum / weights.reduce((total, weight) => total + weight, 0);
}

type Bounds = Pick<StackWeights, 'passesFrom' | 'passesTo'>;

function boundsOf(sizes: Float64Array): Bounds {
  const sorted = sizes.toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const passesFrom = Math.max(at(BULK_ENDS), LEAST_SIZE);
  return { passesFrom, passesTo: Math.max(at(LARGEST_BEGIN), passesFrom) };
}

/**
 * Each contender's RMSE over the smallest one, each customer counting by the share that belongs to the bulk, or to the
 * largest. Among the largest, squared errors are divided by the customer's size: the variance of a sum of orders grows
 * with the sum, and without this the luck of a single giant would decide by whom all large customers are forecast.
 */
function relativeErrors(
  { actual, forecasts }: OriginForecasts,
  bounds: Bounds,
  isLargest: boolean,
): number[] {
  const counts = gaugeSizes(GAUGE, forecasts).map((size) => {
    const share = shareOfLargest(size, bounds);
    if (!isLargest) return 1 - share;
    return share / Math.max(size, LEAST_SIZE);
  });
  const errors = forecasts.map((forecast) => {
    let sum = 0;
    for (let row = 0; row < actual.length; row++) sum += counts[row] * (forecast[row] - actual[row]) ** 2;
    return Math.sqrt(sum);
  });
  const least = Math.min(...errors);
  // Where the best one is never wrong, no other counts.
  return errors.map((error) => (error === least ? 1 : least === 0 ? WITHOUT_END : error / least));
}

function priorOf(set: 'bulk' | 'largest'): number[] {
  return CONTENDERS.map(({ name }) => PRIOR[name][set]);
}

function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
