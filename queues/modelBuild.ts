import { z } from 'zod';
import { isIsoDate } from '../src/domain/calendar/dates.ts';
import type { JobContract } from './jobContract.ts';

export const trainingRequestSchema = z.strictObject({
  /** `clv_model_<TS>`: given when the training is asked for, so that a retry makes the same model. */
  modelId: z.string().regex(/^clv_model_\d{8}_\d{6}$/),
  /** Null for the latest cutoff whose labels are complete. */
  cutoff: z.string().refine(isIsoDate, 'must be a date written YYYY-MM-DD').nullable(),
  /** Null for what the config says. */
  historyMonths: z.int().min(1).max(120).nullable(),
  predMonths: z.int().min(1).max(60).nullable(),
  /** A source of orders in place of the configured one. */
  orders: z.string().min(1).nullable(),
});
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

export const trainChampion: JobContract<TrainingRequest> = {
  queue: 'model-build',
  name: 'train-champion',
  purpose: 'Trains a model, measures it on months that it did not see, and puts it into service.',
  payload: trainingRequestSchema,
  retry: { attempts: 2, backoff: { type: 'fixed', delay: 5000 } },
};
