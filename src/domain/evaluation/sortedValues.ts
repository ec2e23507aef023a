/** Values with their order: sorted once, used by everything that ranks by them. */
export interface SortedValues {
  readonly values: Float64Array;
  /** Row numbers by ascending value; equal values stay in row order. */
  readonly order: Uint32Array;
}

/** Sorts `values`, which holds numbers only, without changing it. */
export function sortedValues(values: Float64Array): SortedValues {
  const order = Uint32Array.from(values, (_, i) => i);
  return { values, order: order.sort((a, b) => values[a] - values[b] || a - b) };
}
