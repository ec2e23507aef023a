import { addMonths, type IsoDate, toEpochDay } from '../src/domain/calendar/dates.ts';
import type { DateWindow } from '../src/domain/calendar/windows.ts';

/** One order of a customer; revenue in cents, so that sums here are exact. */
export interface PlainOrder {
  readonly customer: string;
  readonly date: IsoDate;
  readonly cents: number;
}

/** The features beyond the base, worked out customer by customer without SQL; NaN where missing. */
export function plainFeatures(
  shop: readonly PlainOrder[],
  history: DateWindow,
  predMonths: number,
): Map<string, Record<string, number>> {
  const cutoff = history.end;
  const known = shop.filter(({ date }) => date < cutoff);
  const shopBegins = known.map(({ date }) => date).sort()[0];
  const rows = new Map<string, Record<string, number>>();
  for (const customer of new Set(known.map((order) => order.customer))) {
    const ever = known
      .filter((order) => order.customer === customer)
      .sort((a, b) => (a.date === b.date ? b.cents - a.cents : a.date < b.date ? -1 : 1));
    const own = ever.filter(({ date }) => date >= history.start);
    const last = own.at(-1);
    if (last === undefined) continue;
    const daysTo = (date: IsoDate): number => toEpochDay(cutoff) - toEpochDay(date);
    const revenue = (orders: readonly PlainOrder[]): number =>
      orders.reduce((sum, { cents }) => sum + cents, 0) / 100;
    const since = (months: number) => ever.filter(({ date }) => date >= addMonths(cutoff, -months));
    const gaps = own.slice(1).map(({ date }, i) => toEpochDay(date) - toEpochDay(own[i].date));
    const meanGap = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const [tenure, recency] = [daysTo(own[0].date), daysTo(last.date)];
    const mean = revenue(own) / own.length;
    const squares = own.reduce((sum, { cents }) => sum + (cents / 100 - mean) ** 2, 0);
    const season = { start: addMonths(cutoff, -12), end: addMonths(cutoff, Math.min(predMonths, 12) - 12) };
    const isSeasonKnown = shopBegins <= season.start && ever[0].date < season.end;
    const row: Record<string, number> = {
      std1_order_value: own.length >= 2 ? Math.sqrt(squares / (own.length - 1)) : Number.NaN,
      max_order_value: Math.max(...own.map(({ cents }) => cents)) / 100,
      last_order_value: last.cents / 100,
      return_share: own.filter(({ cents }) => cents < 0).length / own.length,
      recency_share: recency / tenure,
      orders_per_30d: (30 * own.length) / tenure,
      overdue_ratio: meanGap > 0 ? recency / meanGap : Number.NaN,
      gap_trend: gaps.length >= 2 && meanGap > 0 ? (gaps.at(-1) as number) / meanGap : Number.NaN,
      revenue_same_season: isSeasonKnown
        ? revenue(ever.filter(({ date }) => date >= season.start && date < season.end))
        : Number.NaN,
      first_order_value: ever[0].cents / 100,
      days_since_first_order: daysTo(ever[0].date),
      orders_ever: ever.length,
      revenue_ever: revenue(ever),
    };
    for (const months of [1, 3, 6, 12]) {
      row[`revenue_last_${months}m`] = revenue(since(months));
      row[`orders_last_${months}m`] = since(months).length;
    }
    rows.set(customer, row);
  }
  return rows;
}
