/**
 * The sum of `values`, the same in whatever order they stand: they are added in whole steps of a power of two, so
 * small that no sum of them passes 2^53. Off by at most `values.length` squared times 2^-52 of the largest value.
 */
export function fixedSum(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  const scale = powerOfTwo(51 - Math.log2(largest) - Math.log2(values.length));
  let sum = 0;
  for (const value of values) sum += Math.round(value * scale);
  return sum / scale;
}

/** The power of two at or below 2^`exponent`, within what a Float64 holds with room to multiply. */
export function powerOfTwo(exponent: number): number {
  return 2 ** Math.max(-1000, Math.min(1000, Math.floor(exponent)));
}
