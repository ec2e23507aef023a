import { addMonths, type IsoDate, instantOf } from './dates.ts';

const HOUR_MS = 3_600_000;

/** What decides, besides the window itself, when a prediction window can be compared with reality. */
export interface MaturityRules {
  readonly timezone: string;
  /** How many hours late orders may arrive in the data. */
  readonly dataLagHours: number;
}

/**
 * The instant, in milliseconds since 1970 UTC, from which the prediction window `[cutoff, cutoff + predMonths)` can be
 * compared with reality: 00:00 business time of the day on which it ends, plus the lag of the data.
 */
export function dueInstant(
  window: { readonly cutoff: IsoDate; readonly predMonths: number },
  { timezone, dataLagHours }: MaturityRules,
): number {
  const end = addMonths(window.cutoff, window.predMonths);
  return instantOf(end, 0, timezone) + dataLagHours * HOUR_MS;
}
