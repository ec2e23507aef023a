import { Temporal } from 'temporal-polyfill';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNKNOWN = 'unknown';
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The present of a page, and the zone that its dates are of. */
export interface PageTime {
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
  /** IANA name. */
  readonly timezone: string;
}

/** `2026-01-05`, of an instant in the zone of the page. */
export function dayOf(epochMs: number, { timezone }: PageTime): string {
  return inZone(epochMs, timezone)?.toPlainDate().toString() ?? UNKNOWN;
}

/** `Monday 2026-01-05, 06:00`. */
export function momentOf(epochMs: number, { timezone }: PageTime): string {
  const local = inZone(epochMs, timezone);
  if (local === null) return UNKNOWN;
  return `${WEEKDAYS[local.dayOfWeek - 1]} ${local.toPlainDate()}, ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

/** How long ago an instant was: `just now`, `5 hours ago`, `12 days ago`; `in 3 days` for one that comes. */
export function agoOf(epochMs: number, { nowMs }: PageTime): string {
  if (!Number.isFinite(epochMs)) return UNKNOWN;
  const length = lengthOf(Math.abs(nowMs - epochMs));
  if (length === null) return 'just now';
  return epochMs > nowMs ? `in ${length}` : `${length} ago`;
}

/** Null for less than a minute. */
function lengthOf(ms: number): string | null {
  if (ms < MINUTE_MS) return null;
  if (ms < HOUR_MS) return units(ms / MINUTE_MS, 'minute');
  return ms < 2 * DAY_MS ? units(ms / HOUR_MS, 'hour') : units(ms / DAY_MS, 'day');
}

function units(count: number, unit: string): string {
  const whole = Math.floor(count);
  return `${whole.toLocaleString('en-GB')} ${unit}${whole === 1 ? '' : 's'}`;
}

/** Null for what is no instant: a file that was changed by hand may hold anything. */
function inZone(epochMs: number, timezone: string): Temporal.ZonedDateTime | null {
  if (!Number.isFinite(epochMs)) return null;
  // File systems count finer than milliseconds.
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs)).toZonedDateTimeISO(timezone);
}
