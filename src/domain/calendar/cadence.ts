import { Temporal } from 'temporal-polyfill';
import { INFANCY_DAYS } from './cutoffBump.ts';
import { addDays, dateInZone, type IsoDate, instantOf } from './dates.ts';

const MONDAY = 1;
const FORTNIGHT_DAYS = 14;

/** What decides when the scoring runs of a shop begin. */
export interface Calendar {
  /** The first day on which the shop uses the program. */
  readonly launchDate: IsoDate;
  /** The business time zone, an IANA name. */
  readonly timezone: string;
  /** The hour of the business day at which runs begin, 0 to 23. */
  readonly hour: number;
}

/** One moment at which a scoring run begins. */
export interface Slot {
  /** `infancy`: one of the fortnightly slots of the first 12 weeks. `steady`: the first Monday of a month. */
  readonly phase: 'infancy' | 'steady';
  /** The Monday, in the business zone. */
  readonly date: IsoDate;
  /** Milliseconds since 1970 UTC. */
  readonly epochMs: number;
}

/**
 * The slots of a calendar, in order and without end: every 14 days from the first Monday on or after the launch, for
 * the first 12 weeks after the launch, then the first Monday of each month. Each begins at `hour`:00 in the business
 * zone; where clocks skip that hour, at the hour after the gap (Temporal's `compatible`).
 *
 * @param from leaves out the slots of earlier months; default none.
 */
export function* slotsOf(calendar: Calendar, from?: IsoDate): Generator<Slot, never> {
  const infancyEnd = addDays(calendar.launchDate, INFANCY_DAYS);
  const firstMonth = (from ?? infancyEnd).slice(0, 7);
  const steadyMonth = infancyEnd.slice(0, 7);
  for (let date = mondayFrom(calendar.launchDate); date < infancyEnd; date = addDays(date, FORTNIGHT_DAYS)) {
    if (from === undefined || date.slice(0, 7) >= firstMonth) yield slotAt('infancy', date, calendar);
  }
  const [, begin] = [firstMonth, steadyMonth].sort();
  for (let month = Temporal.PlainYearMonth.from(begin); ; month = month.add({ months: 1 })) {
    const date = mondayFrom(month.toPlainDate({ day: 1 }).toString());
    if (date >= infancyEnd) yield slotAt('steady', date, calendar);
  }
}

/** The first slot after an instant. @param afterMs milliseconds since 1970 UTC. */
export function nextSlot(calendar: Calendar, afterMs: number): Slot {
  // A calendar may be years old, and computing each of its slots takes time: begin with the month of the instant.
  const slots = slotsOf(calendar, dateInZone(afterMs, calendar.timezone));
  let slot = slots.next().value;
  while (slot.epochMs <= afterMs) slot = slots.next().value;
  return slot;
}

/** The slots after `afterMs`, up to and including `untilMs`, in order; both in milliseconds since 1970 UTC. */
export function slotsBetween(calendar: Calendar, afterMs: number, untilMs: number): Slot[] {
  const found: Slot[] = [];
  for (const slot of slotsOf(calendar, dateInZone(afterMs, calendar.timezone))) {
    if (slot.epochMs > untilMs) break;
    if (slot.epochMs > afterMs) found.push(slot);
  }
  return found;
}

function slotAt(phase: Slot['phase'], date: IsoDate, { hour, timezone }: Calendar): Slot {
  return { phase, date, epochMs: instantOf(date, hour, timezone) };
}

function mondayFrom(date: IsoDate): IsoDate {
  const { dayOfWeek } = Temporal.PlainDate.from(date);
  return addDays(date, (7 + MONDAY - dayOfWeek) % 7);
}
