import { stat } from 'node:fs/promises';
import type { ScoreRun } from '../../queues/scoring.ts';
import { runReportName } from '../artefacts/names.ts';
import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { IsoDate } from '../domain/calendar/dates.ts';
import { demandNearCutoff } from '../domain/calendar/runStart.ts';
import { ClvError } from '../domain/errors.ts';
import { readChampion } from '../registry/champion.ts';
import { scoreRunOf } from '../registry/scoreRunOf.ts';

/** It is not known which cutoff comes next. */
export class NextCutoffError extends ClvError {}

/**
 * The run that comes next: of the cutoff in the config, with the present champion.
 *
 * @throws NextCutoffError, CutoffFarAheadError, and what `readChampion` throws.
 */
export async function nextRun(home: Home, config: ModelConfig, nowMs: number): Promise<ScoreRun> {
  const cutoff = demandCutoff(home, config, nowMs);
  return scoreRunOf(await readChampion(home), cutoff);
}

function demandCutoff(home: Home, { run, general }: ModelConfig, nowMs: number): IsoDate {
  const cutoff = run.last_score_cutoff;
  if (cutoff === null) {
    throw new NextCutoffError(
      'CUTOFF_NOT_SET',
      `${home.configFile} does not say which cutoff comes next: run.last_score_cutoff is null.`,
      { remedy: 'Train a first model, which sets it, or set it yourself.' },
    );
  }
  demandNearCutoff(cutoff, nowMs, general.timezone, configuredCutoff(home));
  return cutoff;
}

/** Where the cutoff of the config is set, for `demandNearCutoff`. */
export function configuredCutoff({ configFile }: Home): { name: string; remedy: string } {
  return { name: 'run.last_score_cutoff', remedy: `Put it right in ${configFile}.` };
}

/** Whether a run is complete, which its report shows: it is written at the end. */
export async function isComplete(home: Home, run: Pick<ScoreRun, 'cutoff' | 'predMonths'>): Promise<boolean> {
  return (await reportedAt(home, run)) !== null;
}

/** When the report of a run was written, in ISO 8601; null where there is none. */
export function reportedAt(home: Home, run: Pick<ScoreRun, 'cutoff' | 'predMonths'>): Promise<string | null> {
  return stat(`${home.runReports}/${runReportName(run)}`).then(
    ({ mtime }) => mtime.toISOString(),
    () => null,
  );
}
