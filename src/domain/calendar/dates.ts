import { Temporal } from 'temporal-polyfill';

/** A calendar date in the business time zone, written YYYY-MM-DD. */
export type IsoDate = string;

/** Whether `text` is an existing calendar date written YYYY-MM-DD. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/** `date` plus `months` (may be negative), the day clamped to the month's end: 2024-08-31 + 6 = 2025-02-28. */
export function addMonths(date: IsoDate, months: number): IsoDate {
  return Temporal.PlainDate.from(date).add({ months }, { overflow: 'constrain' }).toString();
}

/** `date` plus `days` (may be negative). */
export function addDays(date: IsoDate, days: number): IsoDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Whole days since 1970-01-01. */
export function toEpochDay(date: IsoDate): number {
  return Temporal.PlainDate.from('1970-01-01').until(date, { largestUnit: 'days' }).days;
}

/** The inverse of `toEpochDay`. */
export function fromEpochDay(epochDay: number): IsoDate {
  return addDays('1970-01-01', epochDay);
}

/** The calendar date that clocks in `timezone` (IANA name) show at the instant `epochMs`. */
export function dateInZone(epochMs: number, timezone: string): IsoDate {
  return Temporal.Instant.fromEpochMilliseconds(epochMs)
    .toZonedDateTimeISO(timezone)
    .toPlainDate()
    .toString();
}

/**
 * The instant, in milliseconds since 1970 UTC, at which clocks in `timezone` show `date` and `hour`:00: the first of
 * two where clocks are set back, the hour after the gap where they skip it (Temporal's `compatible`).
 */
export function instantOf(date: IsoDate, hour: number, timezone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: timezone, plainTime: { hour } })
    .epochMilliseconds;
}

/** Whether `name` is the name of a time zone that this Node knows. */
export function isTimezone(name: string): boolean {
  // Temporal also accepts an offset or a whole timestamp as a zone; DuckDB, which reads the orders, accepts neither.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
