/** A customer who is larger than this many times any other is the fruit of a slip, or says nothing of the others. */
const APART = 10;
/** No more customers than this, and no larger a share of all, count as outliers. */
const MOST = 3;
const MOST_SHARE = 0.01;

/** How many sizes have to be known to count outliers. */
export const SIZES_TO_COUNT = MOST + 1;

/**
 * How many of the largest customers are outliers: the one, two or three who are more than ten times as large as every other
 * customer. One order with a slipped decimal point would otherwise raise the forecasts of the whole shop. The largest
 * customers of a shop are seldom that far apart: where sizes follow a Pareto law of exponent 1.2, whose tail is heavier than
 * that of most shops, the largest is more than ten times the second in one shop of sixteen (10 to the power of -1.2).
 *
 * @param largest the largest sizes, in currency, descending: `SIZES_TO_COUNT` of them, or as many as there are customers.
 * @param customers how many customers there are.
 */
export function countOutliers(largest: ArrayLike<number>, customers: number): number {
  for (let count = Math.min(MOST, Math.floor(MOST_SHARE * customers)); count > 0; count--) {
    const next = largest[count];
    if (next > 0 && largest[count - 1] > APART * next) return count;
  }
  return 0;
}

/**
 * The rows without outliers (`countOutliers`), or null where there are none.
 *
 * @param sizes one number a customer, in currency.
 */
export function rowsWithoutOutliers(sizes: Float64Array): Uint32Array | null {
  const rows = outlyingRows(sizes);
  return rows.length === 0 ? null : Uint32Array.from(sizes.keys()).filter((row) => !rows.includes(row));
}

/** The rows of the outliers (`countOutliers`), in their order. @param sizes one number a customer, in currency. */
export function outlyingRows(sizes: Float64Array): number[] {
  const largest = sizes.toSorted().reverse();
  const outliers = countOutliers(largest, sizes.length);
  return outliers === 0 ? [] : [...sizes.keys()].filter((row) => sizes[row] > largest[outliers]);
}

/** The larger of two amounts of each customer. @param a @param b in currency, one number a customer each. */
export function largerOf(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from(a, (value, row) => Math.max(value, b[row]));
}
