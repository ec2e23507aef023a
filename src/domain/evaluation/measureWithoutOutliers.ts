import { evaluateForecast, type ForecastMetrics, rmseOf } from './metrics.ts';
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
  return {
    outliers: rows.map((row) => ({ row, actual: actual[row], predicted: predicted[row] })),
    metrics: evaluateForecast(leaveOut(rows, predicted), leaveOut(rows, actual)),
  };
}

/** Two forecasts of the same customers, and what they spent; in currency, one number a customer. */
export interface ForecastPair {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly actual: Float64Array;
}

/** How two forecasts did without the outliers among the customers that both were measured on. */
export interface PairWithoutOutliers {
  /** Which of the customers they are, from 0; at least one. */
  readonly rows: readonly number[];
  /** RMSE of the first and of the second forecast, of all other customers. */
  readonly rmse: readonly [number, number];
}

/** As `measureWithoutOutliers`, for two forecasts, either of which can make a customer an outlier. */
export function measurePairWithoutOutliers({
  first,
  second,
  actual,
}: ForecastPair): PairWithoutOutliers | null {
  const rows = outlyingRows(largerOf(actual, largerOf(first, second)));
  if (rows.length === 0) return null;
  const others = leaveOut(rows, actual);
  return { rows, rmse: [rmseOf(leaveOut(rows, first), others), rmseOf(leaveOut(rows, second), others)] };
}

function leaveOut(rows: readonly number[], values: Float64Array): Float64Array {
  return values.filter((_, row) => !rows.includes(row));
}
