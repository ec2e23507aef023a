import { Temporal } from 'temporal-polyfill';
import { Random } from '../random.ts';

/** A stretch of days, both ends included. */
interface Stretch {
  readonly first: Temporal.PlainDate;
  readonly last: Temporal.PlainDate;
}

/** Season, promotions and growth of the shop by day. All arrays have one entry a day; index 0 is the first day. */
export interface ShopCalendar {
  /** `YYYY-MM-DD` of each day. */
  readonly dates: readonly string[];
  /** 0 is Monday, 6 is Sunday. */
  readonly weekday: Uint8Array;
  /** The season's factor on orders; about 1 on average over a year. */
  readonly season: Float64Array;
  /** 1 on days of a promotion, otherwise 0. */
  readonly isPromotion: Uint8Array;
  /** Factor on the arrival of new customers: growth and campaigns. */
  readonly arrivals: Float64Array;
}

/** Yearly growth of the arrivals, as a continuous rate. */
const ARRIVAL_GROWTH = 0.15;
/** A campaign's first day adds this many times the usual arrivals; after so many days the effect has faded to 1/e. */
const CAMPAIGN_PEAK = 2.5;
const CAMPAIGN_FADE_DAYS = 6;
const CAMPAIGN_DAYS = 30;
const PROMOTION_DAYS = 9;

/**
 * The earliest day on which each promotion or campaign of a year begins, and over how many days the beginning varies.
 */
const PROMOTIONS = [
  { month: 1, day: 10, varies: 8 },
  { month: 4, day: 8, varies: 14 },
  { month: 9, day: 8, varies: 12 },
  { month: 11, day: 20, varies: 4 },
] as const;
const CAMPAIGNS = [
  { month: 2, day: 20, varies: 20 },
  { month: 5, day: 10, varies: 20 },
  { month: 10, day: 5, varies: 20 },
] as const;

/**
 * The shop's own streams of random numbers are negative, those of customers positive, so that they are never the same.
 */
const promotionStream = (year: number): number => -year;
const campaignStream = (year: number): number => -100_000 - year;

/**
 * The calendar of `days` days from `start`. The promotions and campaigns of a year depend only on the seed and the
 * year, so that shops with the same seed agree where they overlap; growth counts from `start`.
 *
 * @param season the power that the season's factors are raised to: 0 for a year without seasons.
 */
export function shopCalendar(
  start: Temporal.PlainDate,
  days: number,
  seed: number,
  season = 1,
): ShopCalendar {
  const calendar = {
    dates: new Array<string>(days),
    weekday: new Uint8Array(days),
    season: new Float64Array(days),
    isPromotion: new Uint8Array(days),
    arrivals: new Float64Array(days),
  };
  for (let day = 0; day < days; day++) {
    const date = start.add({ days: day });
    calendar.dates[day] = date.toString();
    calendar.weekday[day] = date.dayOfWeek - 1;
    calendar.season[day] = seasonFactor(date) ** season;
    calendar.arrivals[day] = Math.exp((ARRIVAL_GROWTH * day) / 365);
  }
  const end = start.add({ days });
  for (let year = start.year - 1; year <= end.year; year++) {
    for (const { first, last } of stretches(PROMOTIONS, PROMOTION_DAYS, year, seed, promotionStream(year))) {
      for (const day of daysWithin(first, last, start, days)) calendar.isPromotion[day] = 1;
    }
    for (const { first, last } of stretches(CAMPAIGNS, CAMPAIGN_DAYS, year, seed, campaignStream(year))) {
      const firstDay = start.until(first).days;
      for (const day of daysWithin(first, last, start, days)) {
        calendar.arrivals[day]! *= 1 + CAMPAIGN_PEAK * Math.exp((firstDay - day) / CAMPAIGN_FADE_DAYS);
      }
    }
  }
  return calendar;
}

function stretches(
  beginnings: readonly { readonly month: number; readonly day: number; readonly varies: number }[],
  length: number,
  year: number,
  seed: number,
  stream: number,
): Stretch[] {
  const random = new Random(seed, stream);
  return beginnings.map(({ month, day, varies }) => {
    const first = Temporal.PlainDate.from({ year, month, day }).add({ days: random.below(varies) });
    return { first, last: first.add({ days: length - 1 }) };
  });
}

function daysWithin(
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
  start: Temporal.PlainDate,
  days: number,
): number[] {
  const from = Math.max(0, start.until(first).days);
  const to = Math.min(days - 1, start.until(last).days);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Orders of a household on this date over those of an average day: a quiet summer, a steep rise to Christmas. */
function seasonFactor(date: Temporal.PlainDate): number {
  const { month, day } = date;
  if (month === 12 && day >= 24) return day <= 26 ? 0.3 : 0.75;
  if (month === 12) return day <= 18 ? 1.75 + day / 36 : 1.5;
  if (month === 11) return 1.05 + day / 43;
  const ofMonth = [0.8, 0.85, 0.92, 0.95, 0.95, 0.88, 0.8, 0.82, 0.95, 1.02];
  return ofMonth[month - 1]!;
}
