import type { DataSpan } from '../calendar/dataSpan.ts';
import { addMonths, type IsoDate } from '../calendar/dates.ts';
import { historyWindow, type WindowPair } from '../calendar/windows.ts';

/** One rolling origin: fit at `trainCutoff`, measure at `validationCutoff`, on months that the fit did not see. */
export interface Fold {
  /** Months that this fold lies before the latest one. */
  readonly index: number;
  readonly trainCutoff: IsoDate;
  readonly validationCutoff: IsoDate;
}

/** Fewer folds than this have no spread. */
export const MIN_FOLDS = 2;

/**
 * The folds of a pair of windows, latest first. With the data ending at E, fold k is measured at
 * `E - predMonths - k months` and fitted `predMonths` before that, so that the labels of the fit end where those of the
 * measurement begin. A fold whose fit lacks a part of its history window is left out.
 */
export function rollingOriginFolds(windows: WindowPair, span: DataSpan, most: number): Fold[] {
  const { historyMonths, predMonths } = windows;
  const folds: Fold[] = [];
  for (let index = 0; index < most; index++) {
    const validationCutoff = addMonths(span.dataEnd, -(predMonths + index));
    const trainCutoff = addMonths(validationCutoff, -predMonths);
    if (historyWindow(trainCutoff, historyMonths).start >= span.firstDate)
      folds.push({ index, trainCutoff, validationCutoff });
  }
  return folds;
}
