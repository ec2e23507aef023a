import type { IsoDate } from '../calendar/dates.ts';
import type { ForecastMetrics } from '../evaluation/metrics.ts';
import type { DriftComparison, DriftThresholds, JudgedMetrics } from './compareWithBaseline.ts';

/** Customers for whom no prediction was made, and what they spent in the window. */
export interface OtherCustomers {
  readonly customers: number;
  /** Net, in currency. */
  readonly revenue: number;
}

/** What became of the predictions of one matured window. */
export interface DriftResult {
  readonly cutoff: IsoDate;
  readonly predMonths: number;
  /** The first day after the predicted months. */
  readonly windowEnd: IsoDate;
  /** The model that made the predictions. */
  readonly modelId: string;
  readonly metrics: ForecastMetrics;
  readonly baseline: JudgedMetrics;
  readonly thresholds: DriftThresholds;
  readonly comparison: DriftComparison;
  /** Customers whose first order lies in the window. */
  readonly newCustomers: OtherCustomers;
  /** SHA-256 of the file that was measured; another file gives another result of the same window. */
  readonly actualSha256: string;
}

/** Whether the predictions missed by more than a threshold. */
export function isAlert(result: Pick<DriftResult, 'comparison'>): boolean {
  return result.comparison.reasons.length > 0;
}

/** Whether two results are of the same window; the later one then replaces the earlier one. */
export function isSameWindow(
  a: Pick<DriftResult, 'cutoff' | 'predMonths'>,
  b: Pick<DriftResult, 'cutoff' | 'predMonths'>,
): boolean {
  return a.cutoff === b.cutoff && a.predMonths === b.predMonths;
}

/** The last result of each window, in the order of the windows' ends. @param history oldest row first. */
export function standingResults(history: readonly DriftResult[]): DriftResult[] {
  const standing = new Map(history.map((result) => [`${result.cutoff} ${result.predMonths}`, result]));
  return [...standing.values()].sort(
    (a, b) => compareText(a.windowEnd, b.windowEnd) || compareText(a.cutoff, b.cutoff),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
