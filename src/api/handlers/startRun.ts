import { z } from 'zod';
import type { ScoreRun } from '../../../queues/scoring.ts';
import { RunBusyError, startScoreRun } from '../../../queues/startScoreRun.ts';
import { runHour } from '../../config/calendarSettings.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { isIsoDate } from '../../domain/calendar/dates.ts';
import { demandNearCutoff, startOfRun } from '../../domain/calendar/runStart.ts';
import { readChampion } from '../../registry/champion.ts';
import { configuredCutoff } from '../../schedule/nextRun.ts';
import type { Api } from '../api.ts';
import { describeError } from '../describeError.ts';
import { RequestInvalidError } from '../errors.ts';
import { jobUrl } from '../jobUrl.ts';
import { parseBody } from '../parseBody.ts';
import type { Answer, ApiRequest } from '../route.ts';

const requestSchema = z.strictObject({
  cutoff: z.string().refine(isIsoDate, 'is not a calendar date written YYYY-MM-DD').optional(),
});

/** Queues a scoring run with the champion of this moment. */
export async function startRun({ body }: ApiRequest, { home, queues, clock }: Api): Promise<Answer> {
  const asked = parseBody(requestSchema, body);
  const config = await loadConfig(home);
  const cutoff = asked.cutoff ?? config.run.last_score_cutoff;
  if (cutoff === null) throw noCutoff(home.configFile);
  demandNearCutoff(
    cutoff,
    clock.now(),
    config.general.timezone,
    asked.cutoff === undefined ? configuredCutoff(home) : { name: 'cutoff', remedy: 'Send another one.' },
  );
  const champion = await readChampion(home);
  const run: ScoreRun = {
    cutoff,
    modelId: champion.model_id,
    historyMonths: champion.history_months,
    predMonths: champion.pred_months,
    orders: null,
  };
  const startsAt = startOfRun(cutoff, clock.now(), runHour(config));
  try {
    const id = await startScoreRun(queues, run, startsAt === null ? 0 : startsAt - clock.now());
    const job = { id, url: jobUrl(id) };
    const waiting = startsAt === null ? {} : { waits_until: new Date(startsAt).toISOString() };
    return {
      status: 202,
      body: { job, cutoff, model_id: run.modelId, ...waiting },
      headers: { Location: job.url },
    };
  } catch (error) {
    if (!(error instanceof RunBusyError)) throw error;
    const { status, body: problem } = describeError(error);
    return { status, body: { ...problem, job: { id: error.jobId, url: jobUrl(error.jobId) } } };
  }
}

function noCutoff(configFile: string): RequestInvalidError {
  return new RequestInvalidError([
    { path: 'cutoff', message: `is not given, and run.last_score_cutoff is not set in ${configFile}` },
  ]);
}
