import type { SortedValues } from './sortedValues.ts';

const DECILES = 10;

/** A tenth of the customers; the first decile holds the highest predictions. */
export interface Decile {
  /** From 1 to 10. */
  readonly decile: number;
  readonly customers: number;
  /** In currency; null for a decile that nobody falls into, with fewer than ten customers. */
  readonly meanPredicted: number | null;
  /** In currency; null likewise. */
  readonly meanActual: number | null;
  /**
   * Mean actual revenue over that of all customers; null likewise, and where all customers together brought no revenue.
   */
  readonly lift: number | null;
}

/**
 * What was predicted for each tenth of the customers, and what they spent. Customers with the same prediction on both
 * sides of a boundary count with the mean of what they spent. The sizes of the tenths differ by one at most.
 *
 * @param actual by descending prediction, as `actualByPrediction` gives it.
 * @param revenue that of all customers, as `netRevenue` gives it.
 */
export function calibrationByDecile(
  { values, order }: SortedValues,
  actual: Float64Array,
  revenue: number,
): Decile[] {
  const n = actual.length;
  const predicted = Float64Array.from(order, (_, i) => values[order[n - 1 - i]]);
  const overall = meanOf(actual);
  return Array.from({ length: DECILES }, (_, i) => {
    const from = Math.floor((i * n) / DECILES);
    const to = Math.floor(((i + 1) * n) / DECILES);
    const meanActual = meanOf(actual.subarray(from, to));
    return {
      decile: i + 1,
      customers: to - from,
      meanPredicted: meanOf(predicted.subarray(from, to)),
      meanActual,
      lift: meanActual === null || overall === null || revenue <= 0 ? null : meanActual / overall,
    };
  });
}

function meanOf(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
