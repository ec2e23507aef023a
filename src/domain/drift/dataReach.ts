import { addDays, type IsoDate, toEpochDay } from '../calendar/dates.ts';

/** The pace of a shop, its orders a day, is measured over this many days up to its newest order. */
export const PACE_DAYS = 90;

/**
 * If orders come independently of each other (Poisson), there is no order in a period in which this many were expected
 * about once in a hundred times: `exp(-4.6) = 0.01`.
 */
const MOST_ORDERS_MISSED = 4.6;

/** What is known of the end of a shop's orders. */
export interface OrdersEnd {
  /** The date of the newest order. */
  readonly lastDate: IsoDate;
  /** Orders in the `PACE_DAYS` days up to that date, the newest one included. */
  readonly recentOrders: number;
}

/** Whether orders reach the end of a window, and what that was judged by. */
export interface DataReach {
  readonly isReached: boolean;
  /** Days without any order between the newest order and the end of the window. */
  readonly quietDays: number;
  /** Up to this many of them are taken for days on which nobody ordered. */
  readonly allowedQuietDays: number;
}

/**
 * Whether a shop's orders are complete up to `windowEnd` (exclusive). They are if there is an order on the window's
 * last day or after it. Otherwise the days without an order before the end may still be days on which nobody ordered.
 * They are taken for that if fewer than 4.6 orders were expected in them at the pace of the last 90 days, or if a
 * person allowed as many.
 *
 * @param acceptedQuietDays quiet days that a person allows, whatever the pace (`monitoring.accept_quiet_days`).
 */
export function dataReach(
  { lastDate, recentOrders }: OrdersEnd,
  windowEnd: IsoDate,
  acceptedQuietDays: number,
): DataReach {
  const quietDays = Math.max(0, toEpochDay(windowEnd) - 1 - toEpochDay(lastDate));
  const byPace = Math.floor((MOST_ORDERS_MISSED * PACE_DAYS) / Math.max(1, recentOrders));
  const allowedQuietDays = Math.max(byPace, acceptedQuietDays);
  return { isReached: quietDays <= allowedQuietDays, quietDays, allowedQuietDays };
}

/** The days over which the pace is measured if the newest order is of `lastDate`. */
export function paceWindow(lastDate: IsoDate): { readonly start: IsoDate; readonly end: IsoDate } {
  const end = addDays(lastDate, 1);
  return { start: addDays(end, -PACE_DAYS), end };
}
