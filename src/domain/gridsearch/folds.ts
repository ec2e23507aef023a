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

/** With fewer folds there is no spread. */
export const MIN_FOLDS = 2;

/** Fold `index` of a pair of windows, whether or not the orders reach back to it. */
export function foldAt({ historyMonths, predMonths }: WindowPair, dataEnd: IsoDate, index: number) {
  const validationCutoff = addMonths(dataEnd, -(predMonths + index));
  const trainCutoff = addMonths(validationCutoff, -predMonths);
  return {
    index,
    trainCutoff,
    validationCutoff,
    historyStart: historyWindow(trainCutoff, historyMonths).start,
  };
}

/**
 * The folds of a pair of windows, latest first. With the data ending at E, fold k is measured at
 * `E - predMonths - k months` and fitted `predMonths` before that, so that the labels of the fit end where those of the
 * measurement begin. A fold whose fit would lack a part of its history window is left out.
 *
 * @param most the most folds.
 */
export function rollingOriginFolds(windows: WindowPair, span: DataSpan, most: number): Fold[] {
  const folds: Fold[] = [];
  for (let index = 0; index < most; index++) {
    const { historyStart, ...fold } = foldAt(windows, span.dataEnd, index);
    if (historyStart >= span.firstDate) folds.push(fold);
  }
  return folds;
}
