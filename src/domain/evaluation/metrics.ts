import { ClvError } from '../errors.ts';
import { netRevenue } from './netRevenue.ts';
import { type SortedValues, sortedValues } from './sortedValues.ts';

/** How good a forecast was, over `customers` pairs of predicted and actual revenue. */
export interface ForecastMetrics {
  readonly customers: number;
  /** Root of the mean squared error, in currency. */
  readonly rmse: number;
  /** Mean absolute error, in currency. */
  readonly mae: number;
  /** Mean of predicted minus actual, over the mean of actual; null where the actual mean is not above zero. */
  readonly bias: number | null;
  /** 1 - SSE / SST (coefficient of determination); null where the actual values do not vary. */
  readonly r2: number | null;
  /** Spearman's rank correlation with average ranks for ties; null where either side does not vary. */
  readonly spearman: number | null;
  /** Gini of the actual values ordered by prediction over the Gini of the perfect order; null where undefined. */
  readonly normalizedGini: number | null;
  readonly meanActual: number;
  readonly meanPredicted: number;
}

/**
 * All metrics of `predicted` against `actual` (same length, same order of customers).
 * Throws ClvError `METRICS_EMPTY` for no customers and RangeError for lengths that differ.
 */
export function evaluateForecast(predicted: Float64Array, actual: Float64Array): ForecastMetrics {
  return evaluateSorted(sortedValues(predicted), sortedValues(actual));
}

/** Only the root of the mean squared error, in currency, which needs no sorting. At least one customer. */
export function rmseOf(predicted: Float64Array, actual: Float64Array): number {
  return Math.sqrt(squaredErrorOf(predicted, actual) / actual.length);
}

function squaredErrorOf(predicted: Float64Array, actual: Float64Array): number {
  let squared = 0;
  for (let i = 0; i < actual.length; i++) squared += (predicted[i] - actual[i]) ** 2;
  return squared;
}

/**
 * As {@link evaluateForecast}, for values that are already sorted: several forecasts can share the sorted actual
 * values.
 */
export function evaluateSorted(byPrediction: SortedValues, byActual: SortedValues): ForecastMetrics {
  const predicted = byPrediction.values;
  const actual = byActual.values;
  const n = actual.length;
  if (predicted.length !== n)
    throw new RangeError(`${predicted.length} predictions against ${n} actual values.`);
  if (n === 0) throw new ClvError('METRICS_EMPTY', 'There is no customer to measure a forecast on.');
  let sumPredicted = 0;
  let absolute = 0;
  for (let i = 0; i < n; i++) {
    sumPredicted += predicted[i];
    absolute += Math.abs(predicted[i] - actual[i]);
  }
  const squared = squaredErrorOf(predicted, actual);
  const sumActual = netRevenue(actual);
  const meanActual = sumActual / n;
  let variation = 0;
  for (let i = 0; i < n; i++) variation += (actual[i] - meanActual) ** 2;
  return {
    customers: n,
    rmse: Math.sqrt(squared / n),
    mae: absolute / n,
    bias: sumActual > 0 ? (sumPredicted - sumActual) / sumActual : null,
    r2: isConstant(actual) ? null : 1 - squared / variation,
    spearman: spearmanCorrelation(averageRanks(byPrediction), averageRanks(byActual)),
    normalizedGini: normalizedGini(byPrediction, byActual),
    meanActual,
    meanPredicted: sumPredicted / n,
  };
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

/** Ranks from 1, ties share the mean of their ranks. */
function averageRanks({ values, order }: SortedValues): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** Spearman's rho: Pearson's correlation of the average ranks; null where either side is constant. */
function spearmanCorrelation(ranksA: Float64Array, ranksB: Float64Array): number | null {
  const mean = (ranksA.length + 1) / 2;
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < ranksA.length; i++) {
    const da = ranksA[i] - mean;
    const db = ranksB[i] - mean;
    covariance += da * db;
    varianceA += da * da;
    varianceB += db * db;
  }
  return varianceA === 0 || varianceB === 0 ? null : covariance / Math.sqrt(varianceA * varianceB);
}

/**
 * The normalised Gini coefficient: the area between the cumulative gain of the customers sorted by descending
 * prediction and the diagonal, over the same area for the perfect order. Customers with the same prediction share the
 * mean of their actual values, so that the order of their rows makes no difference.
 */
function normalizedGini(byPrediction: SortedValues, byActual: SortedValues): number | null {
  const perfect = giniArea(byActual, byActual.values);
  // For equal values the area is 0, up to rounding, and a ratio to it would be meaningless.
  if (perfect === null || isConstant(byActual.values)) return null;
  return (giniArea(byPrediction, byActual.values) ?? 0) / perfect;
}

function giniArea({ values: scores, order }: SortedValues, actual: Float64Array): number | null {
  const n = actual.length;
  const total = netRevenue(actual);
  if (total <= 0) return null;
  let gained = 0;
  let area = 0;
  for (let end = n; end > 0; ) {
    let start = end - 1;
    while (start > 0 && scores[order[start - 1]] === scores[order[end - 1]]) start--;
    let tied = 0;
    for (let i = start; i < end; i++) tied += actual[order[i]];
    const size = end - start;
    area += gained * size + (tied * (size + 1)) / 2;
    gained += tied;
    end = start;
  }
  return area / (total * n) - (n + 1) / (2 * n);
}
