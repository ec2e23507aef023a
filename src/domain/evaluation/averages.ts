/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. `values`, without NaN, stay in their order. */
export function median(values: ArrayLike<number>): number {
  const ascending = Float64Array.from(values).sort();
  const middle = ascending.length >>> 1;
  return ascending.length % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
}
