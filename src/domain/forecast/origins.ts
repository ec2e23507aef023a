import { wholeMonths } from '../calendar/dataSpan.ts';
import { addMonths, type IsoDate } from '../calendar/dates.ts';

/** A moment in the past at which contenders are compared: fitted on what was known there, measured on what followed. */
export interface Origin {
  readonly cutoff: IsoDate;
  readonly predMonths: number;
}

/** Orders before a cutoff, in months, below which features and purchase models say little. */
const LEAST_HISTORY_MONTHS = 3;
const MOST_ORIGINS = 3;
const MOST_TRAINING_CUTOFFS = 12;
/** Cutoffs for each prediction window that passes: closer together, they tell of the same purchases again. */
const CUTOFFS_OF_WINDOW = 3;

/**
 * The rolling origins whose labels end at or before `end`, latest first: each one prediction window before the one
 * ahead, so that fits of an earlier origin have seen no label of a later one. Where the orders are too few for two
 * origins of the whole window, the window is shortened. Empty where they are too few for any.
 */
export function earlierOrigins(end: IsoDate, predMonths: number, openingDate: IsoDate): Origin[] {
  const months = wholeMonths({ firstDate: openingDate, dataEnd: end }) - LEAST_HISTORY_MONTHS;
  // An origin takes a window of labels of its own, and one before it for the fit.
  const window = Math.min(predMonths, Math.max(1, Math.floor(months / 3)));
  const count = Math.min(MOST_ORIGINS, Math.floor(months / window) - 1);
  return Array.from({ length: Math.max(0, count) }, (_, k) => ({
    cutoff: addMonths(end, -window * (k + 1)),
    predMonths: window,
  }));
}

/**
 * The months of the labels that a fit learns from: those of the prediction window, or fewer where the cutoff before them
 * would have less than three months of orders. At least one.
 */
export function monthsOfLabels(end: IsoDate, predMonths: number, openingDate: IsoDate): number {
  const room = wholeMonths({ firstDate: openingDate, dataEnd: end }) - LEAST_HISTORY_MONTHS;
  return Math.min(predMonths, Math.max(1, room));
}

/**
 * The cutoffs whose labels a fit learns from together, latest first, a third of a prediction window apart and four
 * windows back: customers are seen at many ages, the few largest in many months, and none of the labels, which are of
 * `monthsOfLabels`, passes `end`. The first is there always; earlier ones need some history of their own.
 *
 * @param most how many, at most: a large shop has enough customers in fewer, which are spread over the same time.
 */
export function trainingCutoffs(
  end: IsoDate,
  predMonths: number,
  openingDate: IsoDate,
  most = MOST_TRAINING_CUTOFFS,
): IsoDate[] {
  const months = monthsOfLabels(end, predMonths, openingDate);
  const spacing = Math.max(1, Math.round(predMonths / CUTOFFS_OF_WINDOW));
  const earliest = addMonths(openingDate, LEAST_HISTORY_MONTHS);
  const all = Array.from({ length: MOST_TRAINING_CUTOFFS }, (_, k) =>
    addMonths(end, -months - k * spacing),
  ).filter((cutoff, k) => k === 0 || cutoff >= earliest);
  const wanted = Math.max(1, Math.min(most, all.length));
  return Array.from({ length: wanted }, (_, k) => all[Math.floor((k * all.length) / wanted)]);
}
