import { evaluateForecast, rmseOf } from '../evaluation/metrics.ts';

/** The metrics of one fold, in the order of the results file. Null where a metric is undefined. */
export const METRIC_NAMES = [
  'rmse',
  'nrmse',
  'rmse_naive',
  'rmse_skill',
  'mae',
  'bias',
  'r2',
  'spearman',
  'normalized_gini',
] as const;
/** The name of a metric, as the columns of the results have it. */
export type MetricName = (typeof METRIC_NAMES)[number];
/** What a forecast reached in one fold; null where a metric is undefined. */
export type FoldMetrics = Readonly<Record<MetricName, number | null>>;

/** Measures a forecast, and the naive one, on the same customers; all arrays have one entry a customer, in currency. */
export function measureFold(predicted: Float64Array, naive: Float64Array, actual: Float64Array): FoldMetrics {
  const metrics = evaluateForecast(predicted, actual);
  const rmseNaive = rmseOf(naive, actual);
  return {
    rmse: metrics.rmse,
    nrmse: metrics.meanActual > 0 ? metrics.rmse / metrics.meanActual : null,
    rmse_naive: rmseNaive,
    rmse_skill: rmseNaive > 0 ? metrics.rmse / rmseNaive : null,
    mae: metrics.mae,
    bias: metrics.bias,
    r2: metrics.r2,
    spearman: metrics.spearman,
    normalized_gini: metrics.normalizedGini,
  };
}

/** A metric over the folds of a combination. */
export interface Spread {
  /** Null where no fold has the metric. */
  readonly mean: number | null;
  /** Sample standard deviation (n - 1); null with fewer than two folds that have the metric. */
  readonly std: number | null;
}

/** Mean and spread over folds of values, some of which may be undefined (null). */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const defined = values.filter((value) => value !== null);
  const n = defined.length;
  if (n === 0) return { mean: null, std: null };
  const mean = defined.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, std: null };
  return { mean, std: Math.sqrt(defined.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)) };
}
