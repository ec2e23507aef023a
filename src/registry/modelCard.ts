import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../artefacts/replaceFile.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';

/** A model is not in the registry, or its card cannot be read. */
export class ModelUnknownError extends ClvError {}

const metrics = z.strictObject({
  customers: z.int(),
  rmse: z.number(),
  mae: z.number(),
  bias: z.number().nullable(),
  r2: z.number().nullable(),
  spearman: z.number().nullable(),
  normalizedGini: z.number().nullable(),
  meanActual: z.number(),
  meanPredicted: z.number(),
});

const fingerprint = z.strictObject({
  orders: z.int(),
  customers: z.int(),
  firstDate: z.string().nullable(),
  lastDate: z.string().nullable(),
  sha256: z.string(),
});

const cardSchema = z.strictObject({
  model_id: z.string(),
  created_at: z.string(),
  code_commit: z.string(),
  cutoff: z.string(),
  history_months: z.int(),
  pred_months: z.int(),
  /** First day of the history and first day after the labels. */
  training_window: z.strictObject({ start: z.string(), end: z.string() }),
  hyper_parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
  seed: z.int(),
  features: z.array(z.string()),
  data: fingerprint,
  metrics: z.strictObject({
    /** The baseline: fitted one prediction window earlier, measured on months that the fit did not see. */
    out_of_time: metrics.extend({
      fit_cutoff: z.string(),
      measured_cutoff: z.string(),
      /** False where the data begins after the start of the earlier fit's history window. */
      has_full_history: z.boolean(),
      /** RMSE of predicting the mean of the fit's labels for everybody, on the same customers. */
      rmse_of_mean: z.number(),
    }),
    /** Of the final fit: each customer predicted by the trees that did not draw it. Same months, so not a baseline. */
    out_of_bag: metrics.nullable(),
  }),
  forest: z.strictObject({ file: z.string(), bytes: z.int(), sha256: z.string() }),
  status: z.enum(['candidate', 'champion', 'retired', 'rejected']),
});

/** Everything that has to be known about a model in seven years, in `models/cards/<id>.json`. */
export type ModelCard = z.infer<typeof cardSchema>;

export function cardPath(home: Home, modelId: string): string {
  return `${home.cards}/${modelId}.json`;
}

export function forestPath(home: Home, modelId: string): string {
  return `${home.models}/${modelId}.forest`;
}

export async function writeCard(home: Home, card: ModelCard): Promise<void> {
  await replaceFile(cardPath(home, card.model_id), `${JSON.stringify(card, null, 2)}\n`);
}

/** Throws ModelUnknownError where there is no such card, or it is damaged. */
export async function readCard(home: Home, modelId: string): Promise<ModelCard> {
  const path = cardPath(home, modelId);
  try {
    return cardSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ModelUnknownError(
      'MODEL_UNKNOWN',
      isMissing
        ? `There is no model ${modelId}: ${path} does not exist.`
        : `The card ${path} is damaged: ${(cause as Error).message}`,
      {
        remedy: isMissing
          ? 'Look up the ids in models/cards.'
          : 'Restore the card from a backup, or train a new model.',
        cause,
      },
    );
  }
}
