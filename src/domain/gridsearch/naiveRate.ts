import { columnOf, type FeatureMatrix } from '../features/matrix.ts';
import type { WindowPair } from './folds.ts';

/**
 * The forecast that a search has to beat: each customer goes on spending at the rate of the history window,
 * `revenue_sum / historyMonths * predMonths`. One number a row, in currency.
 */
export function naiveRateForecast(
  matrix: FeatureMatrix,
  { historyMonths, predMonths }: WindowPair,
): Float64Array {
  return Float64Array.from(
    columnOf(matrix, 'revenue_sum'),
    (revenue) => (revenue / historyMonths) * predMonths,
  );
}
