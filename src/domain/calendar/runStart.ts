import { ClvError } from '../errors.ts';
import { addDays, dateInZone, type IsoDate, instantOf } from './dates.ts';

/** When the business day begins for runs. */
export interface RunHour {
  readonly timezone: string;
  /** 0 to 23. */
  readonly hour: number;
}

/**
 * The instant, in milliseconds since 1970 UTC, that the run of a future cutoff waits for: `hour`:00 of that day. Null
 * for a cutoff whose day has come, because everything before it is history by then.
 */
export function startOfRun(cutoff: IsoDate, nowMs: number, { timezone, hour }: RunHour): number | null {
  return cutoff > dateInZone(nowMs, timezone) ? instantOf(cutoff, hour, timezone) : null;
}

/** A cutoff further ahead than this is taken for a typing error: its run would wait without anybody noticing. */
const MOST_DAYS_AHEAD = 366;

/** Thrown for a cutoff more than a year ahead: its run would wait for longer than anybody intends. */
export class CutoffFarAheadError extends ClvError {}

/**
 * Throws CutoffFarAheadError for a cutoff more than 366 days after today.
 *
 * @param origin the setting or option that holds the cutoff, for example `run.last_score_cutoff`, and how to correct
 *   it.
 */
export function demandNearCutoff(
  cutoff: IsoDate,
  nowMs: number,
  timezone: string,
  origin: { readonly name: string; readonly remedy: string },
): void {
  const today = dateInZone(nowMs, timezone);
  const latest = addDays(today, MOST_DAYS_AHEAD);
  if (cutoff <= latest) return;
  throw new CutoffFarAheadError(
    'CUTOFF_FAR_AHEAD',
    `${origin.name} is ${cutoff}, more than a year after today, ${today}; a run of it would wait all that time.`,
    { remedy: `${origin.remedy} ${latest} is the latest that is taken.`, values: { cutoff, today, latest } },
  );
}
