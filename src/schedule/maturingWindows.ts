import { access, readdir } from 'node:fs/promises';
import type { MaturingWindow } from '../../queues/maturity.ts';
import { readDriftHistory } from '../alerts/driftHistory.ts';
import { runFileName } from '../artefacts/names.ts';
import { findSidecar } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { isSameWindow } from '../domain/drift/driftResult.ts';

/** How far a window is on its way from prediction to comparison, by the files alone. */
export type WindowStage =
  /** Revenue is still to be merged. */
  | 'maturing'
  /** Revenue is merged, the comparison is missing. */
  | 'merged'
  /** All is done. */
  | 'compared'
  /** There is no prediction to compare. */
  | 'gone';

const PREDICTION_SIDECAR = /^(clv_predictions_\d{8}_pred\d+m)\.meta\.json$/;

/** The windows of all prediction files, as their sidecars tell, in the order of the names. */
export async function predictedWindows(home: Home): Promise<MaturingWindow[]> {
  const names = await readdir(home.outputs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const windows: MaturingWindow[] = [];
  for (const name of names.sort()) {
    const stem = PREDICTION_SIDECAR.exec(name)?.[1];
    if (stem === undefined) continue;
    const sidecar = await findSidecar(`${home.outputs}/${stem}.csv`);
    if (sidecar !== null) windows.push({ cutoff: sidecar.cutoff, predMonths: sidecar.pred_months });
  }
  return windows;
}

/** How far a window is. Files that were made from an earlier prediction of the window do not count. */
export async function stageOf(home: Home, window: MaturingWindow): Promise<WindowStage> {
  const path = (kind: 'predictions' | 'predictions_actual') => `${home.outputs}/${runFileName(kind, window)}`;
  const prediction = await findSidecar(path('predictions'));
  if (prediction === null || !(await isThere(path('predictions')))) return 'gone';
  const actual = await findSidecar(path('predictions_actual'));
  if (actual === null || actual.made_from_sha256 !== prediction.sha256) return 'maturing';
  if (!(await isThere(path('predictions_actual')))) return 'maturing';
  return (await isCompared(home, window, actual.sha256)) ? 'compared' : 'merged';
}

async function isCompared(home: Home, window: MaturingWindow, actualSha256: string): Promise<boolean> {
  const last = (await readDriftHistory(home)).findLast((result) => isSameWindow(result, window));
  return last?.actualSha256 === actualSha256;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
