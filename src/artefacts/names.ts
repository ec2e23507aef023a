import type { IsoDate } from '../domain/calendar/dates.ts';
import { compactDate } from '../domain/calendar/timestamps.ts';

/** The files that one run makes, by what they hold; the last one when its months have passed. */
export type RunFileKind =
  | 'predictions'
  | 'ranked_predictions'
  | 'clusters'
  | 'cluster_ranking'
  | 'predictions_actual';

/** What tells one run's files from another's. */
export interface RunKey {
  readonly cutoff: IsoDate;
  readonly predMonths: number;
}

/** `20240831_pred6m`: the part that the names of all files of a run share. */
export function runSuffix(run: RunKey): string {
  return `${compactDate(run.cutoff)}_pred${run.predMonths}m`;
}

/** `clv_predictions_20240831_pred6m.csv` and the like. */
export function runFileName(kind: RunFileKind, run: RunKey): string {
  return `clv_${kind}_${runSuffix(run)}.csv`;
}

/** `clv_run_20240831_pred6m.json`: its report stands there once a run is complete. */
export function runReportName(run: RunKey): string {
  return `clv_run_${runSuffix(run)}.json`;
}

/** The sidecar that carries the checksum of an artefact: `x.csv` has `x.meta.json`. */
export function sidecarName(artefact: string): string {
  return artefact.replace(/\.[^./]+$/, '.meta.json');
}

/** `drift_alert_clv_predictions_actual_20240831_pred6m`: the id of the alert on a window, and its file without `.md`. */
export function alertIdOf(run: RunKey): string {
  return `drift_alert_${runFileName('predictions_actual', run).replace(/\.csv$/, '')}`;
}
