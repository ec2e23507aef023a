import type { WindowPair } from '../../calendar/windows.ts';
import { columnOf, type FeatureMatrix } from '../../features/matrix.ts';
import { asSharedFloats } from '../../sharedFloats.ts';

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

/** What customers spend who go on at the rate of the history window, at least 0: one number a row, in currency. */
export function rateForecast(matrix: FeatureMatrix, windows: WindowPair): Float64Array<SharedArrayBuffer> {
  return asSharedFloats(naiveRateForecast(matrix, windows).map((rate) => Math.max(0, rate)));
}
