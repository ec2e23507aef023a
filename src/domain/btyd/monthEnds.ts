import { addMonths, toEpochDay } from '../calendar/dates.ts';
import type { DateWindow } from '../calendar/windows.ts';

/**
 * The ends of the months of `window`, in weeks after its start, for `predictRevenuePath`. Months are counted from the
 * window's start, the day clamped to the month's end; a last part that is shorter than a month ends with the window.
 */
export function monthEndsInWeeks(window: DateWindow): number[] {
  const start = toEpochDay(window.start);
  const end = toEpochDay(window.end);
  const ends: number[] = [];
  for (let month = 1, day = start; day < end; month++) {
    day = Math.min(end, toEpochDay(addMonths(window.start, month)));
    ends.push((day - start) / 7);
  }
  return ends;
}
