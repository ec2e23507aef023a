/** Values with their order, so that they are sorted once for everything that ranks by them. */
export interface SortedValues {
  readonly values: Float64Array;
  /** Row numbers by ascending value; equal values stay in row order. */
  readonly order: Uint32Array;
}

/** Finds the order of `values`, which stay as they are. @param values without NaN. */
export function sortedValues(values: Float64Array): SortedValues {
  const order = Uint32Array.from(values, (_, i) => i);
  return { values, order: order.sort((a, b) => values[a] - values[b] || a - b) };
}
