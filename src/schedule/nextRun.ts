import { access } from 'node:fs/promises';
import type { ScoreRun } from '../../queues/scoring.ts';
import { runReportName } from '../artefacts/names.ts';
import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import { addDays, dateInZone, type IsoDate } from '../domain/calendar/dates.ts';
import { ClvError } from '../domain/errors.ts';
import { readChampion } from '../registry/champion.ts';

/** A cutoff that lies further ahead than this is a slip of the pen: its run would wait unseen. */
const FAR_AHEAD_DAYS = 366;

/** The calendar cannot tell what to score. */
export class NextCutoffError extends ClvError {}

/** The run that comes next: the cutoff of the config, the champion of now. Throws NextCutoffError, ChampionMissingError. */
export async function nextRun(home: Home, config: ModelConfig, nowMs: number): Promise<ScoreRun> {
  const cutoff = demandCutoff(home, config, nowMs);
  const champion = await readChampion(home);
  return {
    cutoff,
    modelId: champion.model_id,
    historyMonths: champion.history_months,
    predMonths: champion.pred_months,
    orders: null,
  };
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
  const today = dateInZone(nowMs, general.timezone);
  if (cutoff <= addDays(today, FAR_AHEAD_DAYS)) return cutoff;
  throw new NextCutoffError(
    'CUTOFF_FAR_AHEAD',
    `run.last_score_cutoff is ${cutoff}, more than a year after today, ${today}; a run of it would wait all that time.`,
    { remedy: `Put it right in ${home.configFile}.`, values: { cutoff, today } },
  );
}

/** Whether the report of a run stands there, which is written when the run is complete. */
export function isComplete(home: Home, run: Pick<ScoreRun, 'cutoff' | 'predMonths'>): Promise<boolean> {
  return access(`${home.runReports}/${runReportName(run)}`).then(
    () => true,
    () => false,
  );
}
