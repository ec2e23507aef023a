import { dateInZone, type IsoDate, instantOf } from './dates.ts';

/** When the business day begins for runs. */
export interface RunHour {
  readonly timezone: string;
  /** 0 to 23. */
  readonly hour: number;
}

/**
 * The instant, in milliseconds since 1970 UTC, that a run of a cutoff ahead waits for: `hour`:00 of that day. Null for a
 * cutoff whose day has come, because everything before it is history by then.
 */
export function startOfRun(cutoff: IsoDate, nowMs: number, { timezone, hour }: RunHour): number | null {
  return cutoff > dateInZone(nowMs, timezone) ? instantOf(cutoff, hour, timezone) : null;
}
