import { addMonths, type IsoDate, toEpochDay } from '../calendar/dates.ts';
import type { DateWindow } from '../calendar/windows.ts';

/** How much more or less customers order in some months than in others. */
export interface Season {
  /** The first day of the months that `index` speaks of; they recur every year. */
  readonly anchor: IsoDate;
  /** Twelve factors, mean 1: orders of a customer in the k-th month from the anchor on, over those of a usual month. */
  readonly index: readonly number[];
}

const MONTHS = 12;

/** The factor of a window: the mean of its days' factors; 1 without a season. */
export function seasonOfWindow(season: Season | null, { start, end }: DateWindow): number {
  if (season === null) return 1;
  const [from, to] = [toEpochDay(start), toEpochDay(end)];
  if (to <= from) return 1;
  // A month too early is where to begin, whatever the days of the month are.
  let month = monthsBetween(season.anchor, start) - 1;
  let sum = 0;
  for (let at = from; at < to; month++) {
    const next = toEpochDay(addMonths(season.anchor, month + 1));
    if (next <= at) continue;
    const until = Math.min(next, to);
    sum += (until - at) * season.index[((month % MONTHS) + MONTHS) % MONTHS];
    at = until;
  }
  return sum / (to - from);
}

/** Months from the one of `from` to the one of `to`, days of the month left aside. */
function monthsBetween(from: IsoDate, to: IsoDate): number {
  const monthOf = (date: IsoDate): number => MONTHS * Number(date.slice(0, 4)) + Number(date.slice(5, 7));
  return monthOf(to) - monthOf(from);
}
