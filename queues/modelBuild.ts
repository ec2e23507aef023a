import { z } from 'zod';
import { isIsoDate } from '../src/domain/calendar/dates.ts';
import { MOST_HISTORY_MONTHS, MOST_PRED_MONTHS } from '../src/domain/calendar/windowLimits.ts';
import { hyperParametersSchema } from './gridSearch.ts';
import type { JobContract } from './jobContract.ts';

/** A fit that failed will fail again, unless a disk was full or a worker was killed, so a second attempt is enough. */
const longJob = {
  queue: 'model-build',
  retry: { attempts: 2, backoff: { type: 'fixed', delay: 5000 } },
} as const;

/** The payload of `trainChampion`: what a person, or an approved search, asks to be trained. */
export const trainingRequestSchema = z.strictObject({
  /** `clv_model_<TS>`, which is fixed when the training is asked for, so that a retry makes the same model. */
  modelId: z.string().regex(/^clv_model_\d{8}_\d{6}$/),
  /** Null for the latest cutoff whose labels are complete. */
  cutoff: z.string().refine(isIsoDate, 'must be a date written YYYY-MM-DD').nullable(),
  /** Null for the value in the config, as for `predMonths`. */
  historyMonths: z.int().min(1).max(MOST_HISTORY_MONTHS).nullable(),
  predMonths: z.int().min(1).max(MOST_PRED_MONTHS).nullable(),
  /** A source of orders instead of the configured one; null for the configured one. */
  orders: z.string().min(1).nullable(),
  /** Why the model is to be trained even if the eligibility check says no; null where it is then not to be trained. */
  overrideEligibility: z.string().trim().min(1).nullable().default(null),
  /** The parameters of the forest that an approved search chose; null for those of the config. */
  hyperParameters: hyperParametersSchema.nullable().default(null),
  /** The approved search that asks for this training; null for none. */
  search: z
    .strictObject({ id: z.string().min(1), metrics: z.record(z.string(), z.unknown()).optional() })
    .nullable()
    .default(null),
  /** Who signs the model off as soon as it is trained; null leaves it a candidate. */
  signOff: z
    .strictObject({
      approver: z.string(),
      note: z.string(),
      ticket: z.string().nullable(),
      /** Why it is to go into service even if it lost to a benchmark; null or absent where no such reason is given. */
      override: z.string().nullish(),
      /**
       * The champion that it is to replace, null for none: where another one serves by then, it stays a candidate. Absent
       * where that does not matter.
       */
      champion: z.string().nullable().optional(),
    })
    .nullable()
    .default(null),
});
/** What is to be trained; null stands for what the config says. */
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

/** A training by the values of the config alone. */
export function plainTraining(modelId: string): TrainingRequest {
  return trainingRequestSchema.parse({
    modelId,
    cutoff: null,
    historyMonths: null,
    predMonths: null,
    orders: null,
  });
}

const modelId = trainingRequestSchema.shape.modelId;
const ordersSource = trainingRequestSchema.shape.orders;

/** The payload of `reproduceModel`. */
export const reproductionSchema = z.strictObject({ modelId, orders: ordersSource });
/** Which model is to be fitted again, and on which orders; null for those of the config. */
export type Reproduction = z.infer<typeof reproductionSchema>;

/** The job that fits a model again and says whether it comes out the same, byte for byte. */
export const reproduceModel: JobContract<Reproduction> = {
  ...longJob,
  name: 'reproduce-model',
  purpose: 'Fits a model again from its card and compares metrics and bytes.',
  payload: reproductionSchema,
};

/** The payload of `compareModels`. */
export const comparisonSchema = z.strictObject({ modelId, otherId: modelId, orders: ordersSource });
/** Which two models are to be compared, and on which orders; null for those of the config. */
export type Comparison = z.infer<typeof comparisonSchema>;

/** The job that measures two models on the same customers and months. */
export const compareModels: JobContract<Comparison> = {
  ...longJob,
  name: 'compare-models',
  purpose: 'Measures two models on the same customers, on months that neither was trained on.',
  payload: comparisonSchema,
};

/** The job that makes a candidate; a person signs it off, in the request or later. */
export const trainChampion: JobContract<TrainingRequest> = {
  ...longJob,
  name: 'train-champion',
  purpose: 'Trains a candidate and measures it on months that it did not see.',
  payload: trainingRequestSchema,
};
