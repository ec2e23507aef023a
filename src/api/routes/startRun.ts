import { z } from 'zod';
import type { ScoreRun } from '../../../queues/scoring.ts';
import { startScoreRun } from '../../../queues/startScoreRun.ts';
import { runHour } from '../../config/calendarSettings.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { ModelConfig } from '../../config/schema.ts';
import { demandNearCutoff, startOfRun } from '../../domain/calendar/runStart.ts';
import { OrdersSourceError } from '../../orders/errors.ts';
import { readChampion } from '../../registry/champion.ts';
import { scoreRunOf } from '../../registry/scoreRunOf.ts';
import { configuredCutoff } from '../../schedule/nextRun.ts';
import { queueRunAhead } from '../../schedule/runsAhead.ts';
import { demandScorable } from '../../shop/demandScorable.ts';
import { rememberedOrders } from '../../shop/rememberedOrders.ts';
import type { Api } from '../api.ts';
import { RequestInvalidError } from '../errors/errors.ts';
import { jobReferenceSchema, referToJob } from '../references/jobReference.ts';
import { route } from '../route.ts';
import { instantSchema, isoDateSchema } from '../textFormats.ts';

/** Queues a scoring run with the champion of this moment. */
export const startRun = route({
  operationId: 'startRun',
  method: 'post',
  path: '/api/score-runs',
  summary: 'Queues a scoring run.',
  params: {},
  body: z.strictObject({
    cutoff: isoDateSchema.optional().describe('Left out: `run.last_score_cutoff` of the config.'),
  }),
  needsRedis: true,
  answers: {
    202: {
      description: 'The run is queued.',
      body: z.strictObject({
        job: jobReferenceSchema.describe('The last step of the run: complete when the run is.'),
        cutoff: isoDateSchema,
        model_id: z.string(),
        waits_until: instantSchema.optional().describe('When a run begins whose cutoff lies ahead.'),
      }),
      headers: { Location: 'Where the run can be followed.' },
    },
  },
  refusals: [
    'CUTOFF_FAR_AHEAD',
    'RUN_BUSY',
    'CHAMPION_MISSING',
    'CHAMPION_CARD_MISSING',
    'CHAMPION_CARD_CHANGED',
    'HISTORY_EMPTY',
    'ORDERS_STALE',
    'REGISTRY_BUSY',
  ],
  async handler({ body }, api) {
    const { home, queues, clock } = api;
    const config = await loadConfig(home);
    const cutoff = body.cutoff ?? config.run.last_score_cutoff;
    if (cutoff === null) throw noCutoff(home.configFile);
    demandNearCutoff(
      cutoff,
      clock.now(),
      config.general.timezone,
      body.cutoff === undefined ? configuredCutoff(home) : { name: 'cutoff', remedy: 'Send another one.' },
    );
    const run = scoreRunOf(await readChampion(home), cutoff);
    const startsAt = startOfRun(cutoff, clock.now(), runHour(config));
    if (startsAt === null) await refuseUnscorable(run, config, api);
    const job = referToJob(
      startsAt === null ? await startScoreRun(queues, run) : await queueRunAhead(api, run, startsAt),
    );
    const waiting = startsAt === null ? {} : { waits_until: new Date(startsAt).toISOString() };
    return {
      status: 202,
      body: { job, cutoff, model_id: run.modelId, ...waiting },
      headers: { Location: job.url },
    };
  },
});

/** Tells at once what is known of the orders; where nothing is, the job says what is wrong with them. */
async function refuseUnscorable(run: ScoreRun, config: ModelConfig, api: Api): Promise<void> {
  const report = await rememberedOrders(api, config, run.orders).catch((error) => {
    if (error instanceof OrdersSourceError) return null;
    throw error;
  });
  if (report !== null) demandScorable(run, report, config, api.home);
}

function noCutoff(configFile: string): RequestInvalidError {
  return new RequestInvalidError([
    { path: 'cutoff', message: `is not given, and run.last_score_cutoff is not set in ${configFile}` },
  ]);
}
