import { type IsoDate, toEpochDay } from '../calendar/dates.ts';
import { type DateWindow, windowDays } from '../calendar/windows.ts';

/** A prediction window that has begun and is not over, and the revenue in it. Amounts are in currency. */
export interface OpenWindowFacts {
  readonly window: DateWindow;
  /** The day after the last order: revenue is known up to here. On or after the start of the window. */
  readonly asOf: IsoDate;
  /** Sum of the predictions. */
  readonly predicted: number;
  /** Revenue of the predicted customers from the start of the window to `asOf`. */
  readonly realised: number;
  /**
   * Revenue of the customers of a year before, in the same window of that year: up to the same day, and in all. Null
   * where the orders do not reach back far enough, or that window is not over.
   */
  readonly yearBefore: { readonly toDate: number; readonly whole: number } | null;
}

/**
 * Where the revenue of an open window stands against what was predicted. Shares and ratios are from 0 on; null is
 * undefined.
 */
export interface OpenWindowProgress {
  readonly days: number;
  readonly daysPassed: number;
  readonly sharePassed: number;
  /** The predicted total times the share of days that have passed, as if every day brought the same. */
  readonly expected: number;
  /** Realised over expected. */
  readonly ratio: number | null;
  /** The share of its revenue that the window of the year before had brought by the same day. */
  readonly seasonalShare: number | null;
  readonly seasonalExpected: number | null;
  readonly seasonalRatio: number | null;
}

/** Compares the revenue so far with the part of the prediction that was expected by now. */
export function measureOpenWindow({
  window,
  asOf,
  predicted,
  realised,
  yearBefore,
}: OpenWindowFacts): OpenWindowProgress {
  const days = windowDays(window);
  const daysPassed = Math.min(days, toEpochDay(asOf) - toEpochDay(window.start));
  const sharePassed = daysPassed / days;
  const expected = predicted * sharePassed;
  const seasonalShare =
    yearBefore !== null && yearBefore.whole > 0 ? yearBefore.toDate / yearBefore.whole : null;
  const seasonalExpected = seasonalShare === null ? null : predicted * seasonalShare;
  return {
    days,
    daysPassed,
    sharePassed,
    expected,
    ratio: ratioOf(realised, expected),
    seasonalShare,
    seasonalExpected,
    seasonalRatio: seasonalExpected === null ? null : ratioOf(realised, seasonalExpected),
  };
}

function ratioOf(realised: number, expected: number): number | null {
  return expected > 0 ? realised / expected : null;
}
