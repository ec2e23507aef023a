import { readdir, readFile, stat } from 'node:fs/promises';
import { readDriftHistory } from '../alerts/driftHistory.ts';
import { monitoringFile, runFileName } from '../artefacts/names.ts';
import { findSidecar } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { predictionWindow } from '../domain/calendar/windows.ts';
import { standingResults } from '../domain/drift/driftResult.ts';
import { predictedWindows } from '../schedule/maturingWindows.ts';
import type { ReplayedRun, ReplayFacts } from './replayFacts.ts';

/** The runs of a replay and what became of them, from the files of its home, in the order of their cutoffs. */
export async function replayedRuns(home: Home): Promise<ReplayedRun[]> {
  const results = standingResults(await readDriftHistory(home));
  const runs: ReplayedRun[] = [];
  for (const window of await predictedWindows(home)) {
    const prediction = await findSidecar(`${home.outputs}/${runFileName('predictions', window)}`);
    if (prediction === null) continue;
    const actual = await findSidecar(`${home.outputs}/${runFileName('predictions_actual', window)}`);
    const result = results.find((it) => it.cutoff === window.cutoff && it.predMonths === window.predMonths);
    runs.push({
      ...window,
      modelId: prediction.model_id,
      customers: prediction.rows,
      predictedRevenue: Number(prediction.predicted_revenue),
      dueDate: predictionWindow(window.cutoff, window.predMonths).end,
      actualRevenue: actual === null ? null : Number(actual.actual_revenue),
      rmse: result?.metrics.rmse ?? null,
      r2: result?.metrics.r2 ?? null,
      baselineRmse: result?.baseline.rmse ?? null,
      baselineR2: result?.baseline.r2 ?? null,
      alertReasons: result?.comparison.reasons ?? [],
      psi: await largestPsi(home, window.cutoff),
    });
  }
  return runs.sort((a, b) => (a.cutoff < b.cutoff ? -1 : 1));
}

/** The largest stability index of any feature; the row of the predictions is not one. */
async function largestPsi(home: Home, cutoff: string): Promise<number | null> {
  const text = await readFile(`${home.outputs}/${monitoringFile('psi', cutoff)}`, 'utf8').catch(() => '');
  const values = text
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .filter(([, , variable, psi]) => variable !== 'predicted_clv' && psi !== undefined && psi !== '')
    .map(([, , , psi]) => Number(psi));
  return values.length === 0 ? null : Math.max(...values);
}

/** The files that a home holds, counted by folder. */
export async function filesByFolder(home: Home): Promise<ReplayFacts['files']> {
  const counts = new Map<string, { files: number; bytes: number }>();
  for (const root of [home.models, home.outputs]) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const folder = entry.parentPath.slice(home.root.length + 1);
      const { files, bytes } = counts.get(folder) ?? { files: 0, bytes: 0 };
      const { size } = await stat(`${entry.parentPath}/${entry.name}`);
      counts.set(folder, { files: files + 1, bytes: bytes + size });
    }
  }
  return [...counts]
    .map(([folder, count]) => ({ folder, ...count }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}
