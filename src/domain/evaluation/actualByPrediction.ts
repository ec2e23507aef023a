import type { SortedValues } from './sortedValues.ts';

/**
 * The actual values in the order of descending prediction. Customers with the same prediction share the mean of what
 * they spent: no forecast ranks them, so the order of their rows must not either.
 *
 * @param actual one value a row, in the order of `byPrediction.values`.
 */
export function actualByPrediction({ values, order }: SortedValues, actual: Float64Array): Float64Array {
  const n = order.length;
  const ranked = new Float64Array(n);
  for (let end = n; end > 0; ) {
    let start = end - 1;
    while (start > 0 && values[order[start - 1]] === values[order[end - 1]]) start--;
    let tied = 0;
    for (let i = start; i < end; i++) tied += actual[order[i]];
    ranked.fill(tied / (end - start), n - end, n - start);
    end = start;
  }
  return ranked;
}
