import { z } from 'zod';
import { startNewTraining } from '../../../queues/startTraining.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { dateInZone } from '../../domain/calendar/dates.ts';
import { MOST_HISTORY_MONTHS, MOST_PRED_MONTHS } from '../../domain/calendar/windowLimits.ts';
import { demandLabelsOfThePast } from '../../domain/evaluation/trainingCutoff.ts';
import { hasCard } from '../../registry/modelCard.ts';
import { jobReferenceSchema, referToJob } from '../references/jobReference.ts';
import { route } from '../route.ts';
import { isoDateSchema } from '../textFormats.ts';

const months = (most: number) =>
  z.int().min(1, 'is below 1').max(most, `is above ${most}`).nullable().default(null);
const text = z.string().trim().min(1, 'is empty').nullable().default(null);

const bodySchema = z.strictObject({
  cutoff: isoDateSchema.nullable().default(null).describe('Null: the latest that the orders allow.'),
  history_months: months(MOST_HISTORY_MONTHS).describe('Null: as the config says.'),
  pred_months: months(MOST_PRED_MONTHS).describe('Null: as the config says.'),
  orders: text.describe('A file or glob in place of `data.orders`, relative to the home.'),
  override_eligibility: text.describe('Why to train although the orders fall short.'),
});

const TRAINING_QUEUED = {
  202: {
    description: 'The training is queued.',
    body: z.strictObject({ job: jobReferenceSchema, model_id: z.string() }),
    headers: { Location: 'Where the training can be followed.' },
  },
} as const;

/** Queues the training of a candidate, as `clv train` does. */
export const trainModel = route({
  operationId: 'trainModel',
  method: 'post',
  path: '/api/trainings',
  summary: 'Queues the training of a candidate.',
  params: {},
  body: bodySchema,
  needsRedis: true,
  answers: TRAINING_QUEUED,
  refusals: ['CUTOFF_NOT_MATURED', 'TRAININGS_BUSY'],
  async handler({ body }, api) {
    // What is known to be wrong without reading the orders is told now, and not by a job that fails.
    const { modeling, general } = await loadConfig(api.home);
    const { queues, clock } = api;
    if (body.cutoff !== null) {
      const today = dateInZone(clock.now(), general.timezone);
      demandLabelsOfThePast(body.cutoff, body.pred_months ?? modeling.pred_months, today);
    }
    const training = {
      cutoff: body.cutoff,
      historyMonths: body.history_months,
      predMonths: body.pred_months,
      orders: body.orders,
      overrideEligibility: body.override_eligibility,
    };
    const { jobId, modelId } = await startNewTraining(queues, clock.now(), training, (id) =>
      hasCard(api.home, id),
    );
    const job = referToJob(jobId);
    return { status: 202, body: { job, model_id: modelId }, headers: { Location: job.url } };
  },
});
