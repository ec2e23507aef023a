import type { IsoDate } from '../domain/calendar/dates.ts';
import type { DriftReason } from '../domain/drift/compareWithBaseline.ts';
import { mean } from '../domain/evaluation/averages.ts';
import type { ReplayedRun } from './replayFacts.ts';

/** What an alert told and what came after it. */
export interface AlertWorth {
  readonly dueDate: IsoDate;
  readonly cutoff: IsoDate;
  readonly modelId: string;
  readonly reasons: readonly DriftReason[];
  /** Predicted less realised revenue of the window; above 0 the forecast was too high. */
  readonly misforecast: number;
  /** RMSE over that of the baseline, less 1. */
  readonly rmseExcess: number;
  /** The first champion after the alert whose runs have matured; null where there is none. */
  readonly successor: string | null;
  /** Mean of RMSE over baseline, less 1, of the old champion's matured runs from this one on. */
  readonly excessBefore: number;
  /**
   * The error of the successor's matured runs, over the baseline that the alerting model was held against, less 1. Null also
   * where it predicts another number of months: the revenue of more months has larger errors with any model.
   */
  readonly excessAfter: number | null;
}

/** What each alert was worth: the error that it told of, against the error under the champion that came after it. */
export function alertWorths(runs: readonly ReplayedRun[]): AlertWorth[] {
  return runs
    .filter((run) => run.alertReasons.length > 0)
    .map((alert) => {
      const matured = runs.filter((run) => run.rmse !== null && run.cutoff >= alert.cutoff);
      const old = matured.filter((run) => run.modelId === alert.modelId);
      const later = runs.filter((run) => run.modelId !== alert.modelId && run.cutoff > alert.cutoff);
      const successor = later.find((run) => run.rmse !== null)?.modelId ?? null;
      const excess = (run: ReplayedRun): number => (run.rmse ?? 0) / (alert.baselineRmse ?? Number.NaN) - 1;
      const after = matured.filter((run) => run.modelId === successor && run.predMonths === alert.predMonths);
      return {
        dueDate: alert.dueDate,
        cutoff: alert.cutoff,
        modelId: alert.modelId,
        reasons: alert.alertReasons,
        misforecast: alert.predictedRevenue - (alert.actualRevenue ?? 0),
        rmseExcess: excess(alert),
        successor,
        excessBefore: mean(old.map(excess)),
        excessAfter: after.length === 0 ? null : mean(after.map(excess)),
      };
    });
}
