import { addDays, type IsoDate, toEpochDay } from '../calendar/dates.ts';

/** The pace of a shop is that of this many days before its newest order. */
export const PACE_DAYS = 90;

/**
 * No order in a stretch in which this many were to be expected happens by chance once in a hundred times, where orders
 * come independently of each other: `exp(-4.6) = 0.01` (Poisson).
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
  /** As many of them may be the shop's own quiet days. */
  readonly allowedQuietDays: number;
}

/**
 * Whether a shop's orders are complete up to `windowEnd` (exclusive). They are where there is an order on the window's
 * last day or after it. Days without an order before the end may also be quiet ones: they are taken for such while fewer
 * than 4.6 orders were to be expected in them at the pace of the last 90 days, or where a person allowed as many.
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

/** The days that the pace is counted in, for the newest order at `lastDate`. */
export function paceWindow(lastDate: IsoDate): { readonly start: IsoDate; readonly end: IsoDate } {
  const end = addDays(lastDate, 1);
  return { start: addDays(end, -PACE_DAYS), end };
}
