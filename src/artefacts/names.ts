import { type IsoDate, isIsoDate } from '../domain/calendar/dates.ts';
import { compactDate } from '../domain/calendar/timestamps.ts';

/** The files that one run makes, by what they hold; the last one when its months have passed. */
export type RunFileKind =
  | 'predictions'
  | 'outlook'
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

/** What is watched between two runs, one file a day. */
export type MonitoringKind = 'psi' | 'partial' | 'migration';

/** `monitoring/psi_20240831.csv` and the like, below `outputs/`. */
export function monitoringFile(kind: MonitoringKind, date: IsoDate): string {
  return `monitoring/${kind}_${compactDate(date)}.csv`;
}

/** The run whose prediction file has this name; null for the name of another file. */
export function runOfPredictions(name: string): RunKey | null {
  return runIn(/^clv_predictions_(\d{4})(\d{2})(\d{2})_pred(\d+)m\.csv$/.exec(name));
}

/** The same by the name of its sidecar. */
export function runOfPredictionsSidecar(name: string): RunKey | null {
  return runIn(/^clv_predictions_(\d{4})(\d{2})(\d{2})_pred(\d+)m\.meta\.json$/.exec(name));
}

/** `clv_run_20240831_pred6m.json`. */
export function runReportName(run: RunKey): string {
  return `clv_run_${runSuffix(run)}.json`;
}

/** The run whose report has this name; null for the name of another file. */
export function runOfReport(name: string): RunKey | null {
  return runIn(/^clv_run_(\d{4})(\d{2})(\d{2})_pred(\d+)m\.json$/.exec(name));
}

function runIn(match: RegExpExecArray | null): RunKey | null {
  if (match === null) return null;
  const [, year, month, day, predMonths] = match;
  const cutoff = `${year}-${month}-${day}`;
  return isIsoDate(cutoff) ? { cutoff, predMonths: Number(predMonths) } : null;
}

/** The sidecar that carries the checksum of an artefact: `x.csv` has `x.meta.json`. */
export function sidecarName(artefact: string): string {
  return artefact.replace(/\.[^./]+$/, '.meta.json');
}

/** `drift_alert_clv_predictions_actual_20240831_pred6m`: the id of the alert on a window, and its file without `.md`. */
export function alertIdOf(run: RunKey): string {
  return `drift_alert_${runFileName('predictions_actual', run).replace(/\.csv$/, '')}`;
}
