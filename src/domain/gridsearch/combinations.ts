import type { DataSpan } from '../calendar/dataSpan.ts';
import type { WindowPair } from '../calendar/windows.ts';
import { counted } from '../words/counted.ts';
import type { FoldMetrics } from './foldMetrics.ts';
import { type Fold, foldAt, MIN_FOLDS } from './folds.ts';
import type { HyperParameters } from './searchSettings.ts';

/** One fold of a combination, measured. */
export interface MeasuredFold extends Fold {
  readonly trainCustomers: number;
  readonly validationCustomers: number;
  readonly metrics: FoldMetrics;
}

/** A pair of windows with hyper-parameters, and the outcome of its evaluation. */
export interface Combination extends WindowPair {
  readonly hyperParameters: HyperParameters;
  readonly status: 'evaluated' | 'skipped';
  /** Why it was skipped, in a sentence; empty where it was evaluated. */
  readonly reason: string;
  /** The fewest customers that any of its folds was fitted or measured on; null where there is no fold. */
  readonly customers: number | null;
  readonly folds: readonly MeasuredFold[];
}

/** The least number of customers that a combination needs in each of its folds. */
export function leastCustomers(allCustomers: number): number {
  return Math.max(100, Math.ceil(0.05 * allCustomers));
}

/**
 * Why a pair of windows with this number of folds cannot be evaluated; null where it can. The sentence names the latest
 * first day as well as the number of months: because days are clamped to shorter months, orders of just as many months
 * may still begin a day too late.
 */
export function tooFewFolds(windows: WindowPair, folds: number, span: DataSpan): string | null {
  if (folds >= MIN_FOLDS) return null;
  const needed = windows.historyMonths + 2 * windows.predMonths + MIN_FOLDS - 1;
  const found = folds === 0 ? 'no fold has' : 'only one fold has';
  const { historyStart } = foldAt(windows, span.dataEnd, MIN_FOLDS - 1);
  return `${found} a full history: ${MIN_FOLDS} folds take ${counted(needed, 'month')} of orders, from ${historyStart} on, and they begin on ${span.firstDate}`;
}

/** Why folds with this number of customers cannot be evaluated; null where they can. */
export function tooFewCustomers(customers: number, allCustomers: number): string | null {
  const least = leastCustomers(allCustomers);
  return customers >= least
    ? null
    : `a fold has ${counted(customers, 'customer')} with an order in its history; at least ${least} are needed`;
}
