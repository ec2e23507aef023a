import type { ScoreRun } from '../../queues/scoring.ts';
import type { WrittenFile } from '../../src/artefacts/files/csvFile.ts';
import { type RunFileKind, runFileName } from '../../src/artefacts/names.ts';
import { type Sidecar, writeSidecar } from '../../src/artefacts/sidecar.ts';
import type { Home } from '../../src/config/home.ts';

/** Where one of the files of a run stands. */
export function runFilePath(home: Home, kind: RunFileKind, run: ScoreRun): string {
  return `${home.outputs}/${runFileName(kind, run)}`;
}

/** Writes the sidecar of a file that a step just made; gives what the board shows as the step's result. */
export async function describeRunFile(
  home: Home,
  kind: RunFileKind,
  run: ScoreRun,
  written: WrittenFile,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Sidecar> {
  const sidecar: Sidecar = {
    file: runFileName(kind, run),
    ...written,
    model_id: run.modelId,
    cutoff: run.cutoff,
    history_months: run.historyMonths,
    pred_months: run.predMonths,
    ...more,
  };
  await writeSidecar(runFilePath(home, kind, run), sidecar);
  return sidecar;
}
