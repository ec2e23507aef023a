import { ClvError } from '../errors.ts';
import { addDays, dateInZone, type IsoDate, instantOf } from './dates.ts';

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

/** A cutoff that lies further ahead than this is a slip of the pen: its run would wait unseen. */
const MOST_DAYS_AHEAD = 366;

/** A run of that cutoff would wait for longer than anybody means it to. */
export class CutoffFarAheadError extends ClvError {}

/**
 * Throws CutoffFarAheadError for a cutoff that no run is queued for.
 *
 * @param origin who names the cutoff, as in `run.last_score_cutoff`, and where it is put right.
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
