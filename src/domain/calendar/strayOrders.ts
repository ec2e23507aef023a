/** No more orders than this count as stray. */
const MOST = 3;
/** A quarter of a year without any order; a shop that has opened takes some. */
const APART_DAYS = 92;

/** How many of the first days of orders have to be known to count stray orders. */
export const DAYS_TO_COUNT = MOST + 1;

/**
 * How many of a shop's first orders are stray: the one, two or three that are followed by a quarter of a year without any.
 * A slipped year or an order placed to try the shop out would otherwise count as its beginning, and the months behind it
 * as months in which nobody bought. The answer depends on the first orders alone, so that later ones never change it.
 *
 * @param days the days of the first orders, in epoch days, ascending, one entry an order: `DAYS_TO_COUNT` of them, or as
 *   many as there are orders.
 */
export function countStrayOrders(days: ArrayLike<number>): number {
  for (let count = Math.min(MOST, days.length - 1); count > 0; count--)
    if (days[count] - days[count - 1] > APART_DAYS) return count;
  return 0;
}
