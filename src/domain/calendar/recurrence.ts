import { type Calendar, nextSlot } from './cadence.ts';
import { addDays, dateInZone, instantOf } from './dates.ts';

const MINUTE_MS = 60_000;

/** When something recurs: at the slots of a calendar, at an hour of each business day, or every few minutes. */
export type Recurrence =
  | { readonly kind: 'calendar'; readonly calendar: Calendar }
  | { readonly kind: 'daily'; readonly timezone: string; readonly hour: number }
  | { readonly kind: 'minutes'; readonly minutes: number };

/** The first instant of a recurrence after `afterMs`; both in milliseconds since 1970 UTC. */
export function nextOccurrence(recurrence: Recurrence, afterMs: number): number {
  switch (recurrence.kind) {
    case 'calendar':
      return nextSlot(recurrence.calendar, afterMs).epochMs;
    case 'daily': {
      const { timezone, hour } = recurrence;
      const today = dateInZone(afterMs, timezone);
      const instant = instantOf(today, hour, timezone);
      return instant > afterMs ? instant : instantOf(addDays(today, 1), hour, timezone);
    }
    case 'minutes': {
      const step = recurrence.minutes * MINUTE_MS;
      return (Math.floor(afterMs / step) + 1) * step;
    }
  }
}
