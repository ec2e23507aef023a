import { access, readdir } from 'node:fs/promises';
import type { MaturingWindow } from '../../queues/maturity.ts';
import { readDriftHistory } from '../alerts/driftHistory.ts';
import { runFileName } from '../artefacts/names.ts';
import { findSidecar, type Sidecar } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { type DriftResult, isSameWindow } from '../domain/drift/driftResult.ts';

/** How far a window has come from prediction to comparison, according to the files alone. */
export type WindowStage =
  /** Revenue is still to be merged. */
  | 'maturing'
  /** Revenue is merged, the comparison is missing. */
  | 'merged'
  /** Everything is done. */
  | 'compared'
  /** There is no prediction to compare. */
  | 'gone';

const PREDICTION_SIDECAR = /^(clv_predictions_\d{8}_pred\d+m)\.meta\.json$/;

/** The windows of all prediction files, by their sidecars, in the order of the names. */
export async function predictedWindows(home: Home): Promise<MaturingWindow[]> {
  return (await predictionSidecars(home)).map(windowOf);
}

/** The window of a prediction. */
export function windowOf({ cutoff, pred_months }: Sidecar): MaturingWindow {
  return { cutoff, predMonths: pred_months };
}

/** The sidecars of all prediction files, in the order of the names; one that cannot be read is left out. */
export async function predictionSidecars(home: Home): Promise<Sidecar[]> {
  const names = await readdir(home.outputs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const stems = names.sort().flatMap((name) => PREDICTION_SIDECAR.exec(name)?.[1] ?? []);
  const sidecars = await Promise.all(stems.map((stem) => findSidecar(`${home.outputs}/${stem}.csv`)));
  return sidecars.filter((sidecar) => sidecar !== null);
}

/** How far a window has come. Files that were made from an earlier prediction of the window do not count. */
export async function stageOf(home: Home, window: MaturingWindow): Promise<WindowStage> {
  const prediction = await findSidecar(`${home.outputs}/${runFileName('predictions', window)}`);
  return prediction === null ? 'gone' : stageOfPrediction(home, prediction, () => readDriftHistory(home));
}

/** The same by the sidecar of the prediction. @param history called only if the comparison may have been made. */
export async function stageOfPrediction(
  home: Home,
  prediction: Sidecar,
  history: () => Promise<readonly DriftResult[]>,
): Promise<WindowStage> {
  const window = windowOf(prediction);
  const path = (kind: 'predictions' | 'predictions_actual') => `${home.outputs}/${runFileName(kind, window)}`;
  if (!(await isThere(path('predictions')))) return 'gone';
  const actual = await findSidecar(path('predictions_actual'));
  if (actual === null || actual.made_from_sha256 !== prediction.sha256) return 'maturing';
  if (!(await isThere(path('predictions_actual')))) return 'maturing';
  const last = (await history()).findLast((result) => isSameWindow(result, window));
  return last?.actualSha256 === actual.sha256 ? 'compared' : 'merged';
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
