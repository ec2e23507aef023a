import { toEpochDay } from '../../domain/calendar/dates.ts';
import type { DateWindow } from '../../domain/calendar/windows.ts';

/** A window in days since 1970: `start` belongs to it, `end` does not. */
export interface EpochDayWindow {
  readonly start: number;
  readonly end: number;
}

/** The same window in days since 1970. */
export function inDays(window: DateWindow): EpochDayWindow {
  return { start: toEpochDay(window.start), end: toEpochDay(window.end) };
}

/** The SQL condition that the day of an order is in a window. */
export function isIn({ start, end }: EpochDayWindow): string {
  return `day >= ${start} AND day < ${end}`;
}
