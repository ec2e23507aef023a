/** The sum of what customers spent; see {@link netOf}. */
export function netRevenue(actual: Float64Array): number {
  let sum = 0;
  let size = 0;
  for (const value of actual) {
    sum += value;
    size += Math.abs(value);
  }
  return netOf(sum, size, actual.length);
}

/**
 * A sum of `count` amounts, or 0 where it is no larger than the rounding error of adding them up: there purchases and returns
 * cancel out, and a ratio to what is left would mean nothing.
 *
 * @param size the sum of the amounts without their signs.
 */
export function netOf(sum: number, size: number, count: number): number {
  return Math.abs(sum) <= 2 * count * Number.EPSILON * size ? 0 : sum;
}
