import { evaluateForecast, type ForecastMetrics } from '../evaluation/metrics.ts';
import { largerOf, outlyingRows } from './outliers.ts';

/** An outlier among measured customers. */
export interface MeasuredOutlier {
  /** Which of the measured customers it is, from 0. */
  readonly row: number;
  /** In currency. */
  readonly actual: number;
  /** In currency. */
  readonly predicted: number;
}

/** How a forecast did without the outliers among the customers that it was measured on. */
export interface WithoutOutliers {
  /** At least one. */
  readonly outliers: readonly MeasuredOutlier[];
  /** Of all other customers. */
  readonly metrics: ForecastMetrics;
}

/**
 * Measures a forecast without the outliers: those of whom more was forecast, or who spent more, than ten times what is true
 * of any other (`countOutliers`). One of them can decide the RMSE, R² and bias of all customers together. Null where there
 * is none.
 *
 * @param predicted in currency, one number a customer. @param actual the same, of what they spent.
 */
export function measureWithoutOutliers(
  predicted: Float64Array,
  actual: Float64Array,
): WithoutOutliers | null {
  const rows = outlyingRows(largerOf(actual, predicted));
  if (rows.length === 0) return null;
  const without = (values: Float64Array): Float64Array => values.filter((_, row) => !rows.includes(row));
  return {
    outliers: rows.map((row) => ({ row, actual: actual[row], predicted: predicted[row] })),
    metrics: evaluateForecast(without(predicted), without(actual)),
  };
}
