import { addMonths, type IsoDate, toEpochDay } from '../../calendar/dates.ts';
import type { DateWindow } from '../../calendar/windows.ts';

/** How much more or less customers order at some times than at others. */
export interface Season {
  /** The first day of the months that `index` speaks of; they recur every year. */
  readonly anchor: IsoDate;
  /**
   * Twelve seasonal factors: orders of a customer on a day of the k-th month from the anchor on, over those on an average
   * day. Their mean over the days of the year from the anchor on is 1.
   */
  readonly index: readonly number[];
  /** Since when customers have ordered much more or less often, in all months alike; null for never. */
  readonly shift: LevelShift | null;
}

/** A change of how often customers order that came from one day to the next, and was seen up to the cutoff. */
export interface LevelShift {
  /** The first day on which it was so. */
  readonly from: IsoDate;
  /** The first day on which it is no longer so; null where it is taken to last. */
  readonly until: IsoDate | null;
  /** Orders of a customer on a day from then on, over those before. */
  readonly factor: number;
}

/** What is to be expected of a change that was seen up to the cutoff: that it lasts, or that it is over. */
export const SHIFT_OUTLOOKS = ['lasts', 'passes'] as const;
/** One of these. */
export type ShiftOutlook = (typeof SHIFT_OUTLOOKS)[number];

const MONTHS = 12;

/**
 * The factor of a window: the mean of its days' factors; 1 without a season. The level of the days to come is 1: days before
 * a change that lasts count as much less, or more, as customers ordered then, and so do the days of one that is over.
 */
export function seasonOfWindow(season: Season | null, { start, end }: DateWindow): number {
  if (season === null) return 1;
  const factors = factorsOfDays(season, { start, end });
  return factors.length === 0 ? 1 : factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
}

/** The factor of each day of a window. */
export function factorsOfDays(season: Season, { start, end }: DateWindow): Float64Array {
  const [from, to] = [toEpochDay(start), toEpochDay(end)];
  const factors = new Float64Array(Math.max(0, to - from));
  // A month too early is where to begin, whatever the days of the month are.
  let month = monthsBetween(season.anchor, start) - 1;
  for (let day = from; day < to; month++) {
    const next = toEpochDay(addMonths(season.anchor, month + 1));
    if (next <= day) continue;
    factors.fill(season.index[((month % MONTHS) + MONTHS) % MONTHS], day - from, next - from);
    day = next;
  }
  if (season.shift !== null) applyShift(factors, from, season.shift);
  return factors;
}

/** @param first the epoch day of the first factor. */
function applyShift(factors: Float64Array, first: number, { from, until, factor }: LevelShift): void {
  const placeOf = (day: IsoDate): number => Math.max(0, toEpochDay(day) - first);
  const [start, end, level] =
    until === null ? [0, placeOf(from), 1 / factor] : [placeOf(from), placeOf(until), factor];
  for (let i = start; i < Math.min(end, factors.length); i++) factors[i] *= level;
}

/** Months from the one of `from` to the one of `to`, days of the month left aside. */
function monthsBetween(from: IsoDate, to: IsoDate): number {
  const monthOf = (date: IsoDate): number => MONTHS * Number(date.slice(0, 4)) + Number(date.slice(5, 7));
  return monthOf(to) - monthOf(from);
}
