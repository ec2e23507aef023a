import { access } from 'node:fs/promises';
import type { MaturingWindow } from '../../queues/maturity.ts';
import { readDriftHistory } from '../alerts/driftHistory.ts';
import { inBatches } from '../artefacts/files/inBatches.ts';
import { namesIn } from '../artefacts/files/namesIn.ts';
import { runFileName, runOfPredictionsSidecar, sidecarName } from '../artefacts/names.ts';
import {
  ArtefactError,
  findSidecar,
  readSidecar,
  type Sidecar,
  sidecarDamaged,
  sidecarLost,
} from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { type DriftResult, isSameWindow } from '../domain/drift/driftResult.ts';
import { counted } from '../domain/words/counted.ts';

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

/** The windows of all prediction files, by their sidecars, in the order of the names. Throws FolderUnreadableError. */
export async function predictedWindows(home: Home): Promise<MaturingWindow[]> {
  return (await predictionSidecars(home)).sidecars.map(windowOf);
}

/** The window of a prediction. */
export function windowOf({ cutoff, pred_months }: Sidecar): MaturingWindow {
  return { cutoff, predMonths: pred_months };
}

/** What the sidecars of all prediction files tell, in the order of the names. */
export interface PredictionSidecars {
  readonly sidecars: readonly Sidecar[];
  /** Those that cannot be used, for example after they were edited by hand. */
  readonly damaged: readonly DamagedSidecar[];
}

/** A prediction file whose sidecar does not say what it should. */
export interface DamagedSidecar {
  /** The window by the name of the file. */
  readonly window: MaturingWindow;
  readonly error: ArtefactError;
}

/** What reads the sidecar of an artefact, by the path of the artefact: `readSidecar`, or one that remembers. */
type SidecarReader = typeof readSidecar;

/** The sidecars of all prediction files. Throws FolderUnreadableError. */
export async function predictionSidecars(
  home: Home,
  read: SidecarReader = readSidecar,
): Promise<PredictionSidecars> {
  const windows = (await namesIn(home.outputs)).sort().flatMap((name) => runOfPredictionsSidecar(name) ?? []);
  const found = await inBatches(windows, (window) =>
    readPredictionSidecar(home, window, read).catch(ifDamaged),
  );
  const sidecars: Sidecar[] = [];
  const damaged: DamagedSidecar[] = [];
  for (const [i, it] of found.entries()) {
    if (it instanceof ArtefactError) damaged.push({ window: windows[i], error: it });
    else if (it !== null) sidecars.push(it);
  }
  return { sidecars, damaged };
}

function ifDamaged(error: unknown): ArtefactError {
  if (error instanceof ArtefactError) return error;
  throw error;
}

/** Null where it was cleared away meanwhile. Throws ArtefactError. */
async function readPredictionSidecar(
  home: Home,
  window: MaturingWindow,
  read: SidecarReader,
): Promise<Sidecar | null> {
  const path = `${home.outputs}/${runFileName('predictions', window)}`;
  const sidecar = await read(path);
  if (sidecar === null || isSameWindow(windowOf(sidecar), window)) return sidecar;
  const { cutoff, pred_months } = sidecar;
  throw sidecarDamaged(
    sidecarName(path),
    `it tells of cutoff ${cutoff} and ${counted(pred_months, 'month')}`,
  );
}

/**
 * How far a window has come. Files that were made from an earlier prediction of the window do not count. Throws ArtefactError
 * where there is a prediction file without a sidecar that can be used.
 */
export async function stageOf(home: Home, window: MaturingWindow): Promise<WindowStage> {
  const path = `${home.outputs}/${runFileName('predictions', window)}`;
  const prediction = await findSidecar(path);
  if (prediction !== null) return stageOfPrediction(home, prediction, () => readDriftHistory(home));
  if (await isThere(path)) throw sidecarLost(sidecarName(path));
  return 'gone';
}

/**
 * The same by the sidecar of the prediction.
 *
 * @param history called only if the comparison may have been made. @param read what reads the sidecar of the revenue.
 */
export async function stageOfPrediction(
  home: Home,
  prediction: Sidecar,
  history: () => Promise<readonly DriftResult[]>,
  read: SidecarReader = readSidecar,
): Promise<WindowStage> {
  const window = windowOf(prediction);
  const path = (kind: 'predictions' | 'predictions_actual') => `${home.outputs}/${runFileName(kind, window)}`;
  if (!(await isThere(path('predictions')))) return 'gone';
  const actual = await read(path('predictions_actual')).catch(() => null);
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
