import { addMonths, type IsoDate, toEpochDay } from './dates.ts';

/** A half-open range of dates: `start` belongs to it, `end` does not. */
export interface DateWindow {
  readonly start: IsoDate;
  readonly end: IsoDate;
}

/** A pair of windows that a model could be built on, in months. */
export interface WindowPair {
  readonly historyMonths: number;
  readonly predMonths: number;
}

/** The months of orders that features are computed from: `[cutoff - historyMonths, cutoff)`. */
export function historyWindow(cutoff: IsoDate, historyMonths: number): DateWindow {
  return { start: addMonths(cutoff, -historyMonths), end: cutoff };
}

/** The months whose revenue is predicted: `[cutoff, cutoff + predMonths)`. */
export function predictionWindow(cutoff: IsoDate, predMonths: number): DateWindow {
  return { start: cutoff, end: addMonths(cutoff, predMonths) };
}

/**
 * The same pair, with the history cut to the part for which the shop has orders. Where the first order came after the
 * beginning of the window, the history is shorter, and not a whole number of months; a day at least.
 */
export function observedMonths(
  { historyMonths, predMonths }: WindowPair,
  cutoff: IsoDate,
  firstDate: IsoDate,
): WindowPair {
  const history = historyWindow(cutoff, historyMonths);
  const seen = Math.max(1, windowDays({ start: firstDate, end: cutoff })) / windowDays(history);
  return { historyMonths: historyMonths * Math.min(1, seen), predMonths };
}

/** The length of a window in days. */
export function windowDays(window: DateWindow): number {
  return toEpochDay(window.end) - toEpochDay(window.start);
}
