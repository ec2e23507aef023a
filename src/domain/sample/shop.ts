import type { Temporal } from 'temporal-polyfill';
import { CUSTOMER_KINDS, type CustomerKind } from './customerKinds.ts';
import { DayCurve } from './dayCurve.ts';
import { type ShopCalendar, shopCalendar } from './shopCalendar.ts';
import {
  InvalidSampleOptionError,
  requireDate,
  requireInteger,
  requireNumber,
  type ShopOptions,
} from './shopOptions.ts';

/** During a promotion orders are this many times as frequent, and worth this share of a usual order. */
const PROMOTION_UPLIFT = 1.7;
const PROMOTION_BASKET = 0.85;

/** Readers of CSV files take a year of fewer digits for one that was cut short. */
const FIRST_YEAR = 1000;

/** How the shop's calendar affects customers of one kind. */
export interface KindInShop {
  readonly kind: CustomerKind;
  /** Weight of each day on order rates, up to the horizon. */
  readonly demand: DayCurve;
  /** Factor on the value of an order of each day. */
  readonly basket: Float64Array;
}

/** The days of a truth window, counted from the shop's first day. */
export interface TruthDays {
  readonly cutoffDay: number;
  /** The first day after the window. */
  readonly endDay: number;
}

/** Everything that the customers of one practice shop share. Days are counted from the first day, 0. */
export interface Shop {
  readonly seed: number;
  /** Number of days of history: orders lie on days 0 to `days - 1`. */
  readonly days: number;
  /** `YYYY-MM-DD` of every day up to the horizon. */
  readonly dates: readonly string[];
  /** Parallel to `CUSTOMER_KINDS`. */
  readonly kinds: readonly KindInShop[];
  /** When customers arrive, over the days of history. */
  readonly arrivals: DayCurve;
  readonly truth: TruthDays | undefined;
}

/** Prepares the practice shop for these options. Throws InvalidSampleOptionError for an option that cannot be used. */
export function openShop(options: ShopOptions): Shop {
  requireInteger('seed', options.seed, 0, 4_294_967_295);
  requireInteger('months', options.months, 1, 240);
  const { season = 1 } = options;
  requireNumber('season', season, 0, 2);
  const end = requireDate('end', options.end);
  const start = end.subtract({ months: options.months });
  if (start.year < FIRST_YEAR) {
    const least = `so late that the shop begins in the year ${FIRST_YEAR} or after`;
    throw new InvalidSampleOptionError('end', least, options.end);
  }
  const days = start.until(end, { largestUnit: 'days' }).days;
  const truth = truthDays(options, start, days);
  const horizon = Math.max(days, truth?.endDay ?? 0);
  const calendar = shopCalendar(start, horizon, options.seed, season);
  const change = changeFactors(options, start, horizon);
  return {
    seed: options.seed,
    days,
    dates: calendar.dates,
    kinds: CUSTOMER_KINDS.map((kind) => kindInShop(kind, calendar, change)),
    arrivals: arrivalCurve(calendar, days),
    truth,
  };
}

function truthDays(options: ShopOptions, start: Temporal.PlainDate, days: number): TruthDays | undefined {
  if (options.truth === undefined) return undefined;
  const { cutoff: text, predMonths } = options.truth;
  requireInteger('truth predMonths', predMonths, 1, 60);
  const cutoff = requireDate('truth cutoff', text);
  const cutoffDay = start.until(cutoff, { largestUnit: 'days' }).days;
  if (cutoffDay < 1 || cutoffDay > days) {
    const last = start.add({ days });
    throw new InvalidSampleOptionError(
      'truth cutoff',
      `after the shop's first day ${start} and at most its end ${last}`,
      text,
    );
  }
  const windowEnd = cutoff.add({ months: predMonths });
  return { cutoffDay, endDay: start.until(windowEnd, { largestUnit: 'days' }).days };
}

function changeFactors(options: ShopOptions, start: Temporal.PlainDate, horizon: number): Float64Array {
  const factors = new Float64Array(horizon).fill(1);
  if (options.change === undefined) return factors;
  requireNumber('changeFactor', options.change.factor, 0, 100);
  const at = requireDate('changeAt', options.change.at);
  const changeDay = start.until(at, { largestUnit: 'days' }).days;
  if (changeDay < 0 || changeDay >= horizon) {
    const last = start.add({ days: horizon - 1 });
    throw new InvalidSampleOptionError(
      'changeAt',
      `a day of the shop, from ${start} to ${last}`,
      options.change.at,
    );
  }
  return factors.fill(options.change.factor, changeDay);
}

function kindInShop(kind: CustomerKind, calendar: ShopCalendar, change: Float64Array): KindInShop {
  const weights = change.map((changed, day) => {
    const season = calendar.season[day]! ** kind.seasonSensitivity;
    const promotion = calendar.isPromotion[day] === 1 ? PROMOTION_UPLIFT ** kind.promotionSensitivity : 1;
    return changed * season * promotion * kind.weekdays[calendar.weekday[day]!]!;
  });
  const basket = weights.map((_, day) =>
    calendar.isPromotion[day] === 1 ? PROMOTION_BASKET ** kind.promotionSensitivity : 1,
  );
  return { kind, demand: new DayCurve(weights), basket };
}

/** New customers follow the season and the weekdays of households, growth and campaigns, but not a planted change. */
function arrivalCurve(calendar: ShopCalendar, days: number): DayCurve {
  const weekdays = CUSTOMER_KINDS[0]!.weekdays;
  return new DayCurve(
    calendar.arrivals
      .slice(0, days)
      .map((arrivals, day) => arrivals * calendar.season[day]! * weekdays[calendar.weekday[day]!]!),
  );
}
