import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { damageOf } from '../artefacts/files/damageOf.ts';
import { namesIn } from '../artefacts/files/namesIn.ts';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import type { ComparedModel } from '../domain/evaluation/comparisonPlan.ts';
import type { ModelStatus } from '../domain/governance/modelStatus.ts';
import { contestSchema } from './contest.ts';
import { metricsSchema } from './metricsSchema.ts';

/** A model is not in the registry. */
export class ModelUnknownError extends ClvError {}

/** A card is not the JSON of a card. */
export class CardDamagedError extends ClvError {}

/** The shape of the fingerprint of a set of orders. */
export const fingerprintSchema = z.strictObject({
  orders: z.int(),
  customers: z.int(),
  firstDate: z.string().nullable(),
  lastDate: z.string().nullable(),
  sha256: z.string(),
});

/** The shape of a card. */
export const cardSchema = z.strictObject({
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
  data: fingerprintSchema,
  metrics: z.strictObject({
    /** The baseline: fitted one prediction window earlier, measured on months that the fit did not see. */
    out_of_time: metricsSchema.extend({
      fit_cutoff: z.string(),
      measured_cutoff: z.string(),
      /** False where the data begins after the start of the earlier fit's history window. */
      has_full_history: z.boolean(),
      /** RMSE of predicting the mean of the fit's labels for everybody, on the same customers. */
      rmse_of_mean: z.number(),
    }),
    /**
     * Of the final fit: each customer is predicted by the trees that did not draw it. In the same months, so not a
     * baseline.
     */
    out_of_bag: metricsSchema.nullable(),
    /**
     * Those of `out_of_time` without the outliers among the measured customers, who can decide them alone. Absent where
     * there are none, and from cards of earlier versions.
     */
    without_outliers: metricsSchema
      .extend({
        /** Who they are, what they spent, and what was forecast of them; in currency. */
        outliers: z.array(
          z.strictObject({ customer_id: z.string(), actual: z.number(), predicted: z.number() }),
        ),
      })
      .optional(),
  }),
  forest: z.strictObject({ file: z.string(), bytes: z.int(), sha256: z.string() }),
  /** The keys from here to `status` are absent from cards of earlier versions. */
  /** The fingerprint of the orders that the baseline was fitted and measured on; `data` is that of the final fit. */
  baseline_data: fingerprintSchema.optional(),
  /** The source of the orders, as it stood in the config or in the request. */
  orders_source: z.string().optional(),
  /** The search whose window a person approved at gate 1; null for a model that was trained without one. */
  search: z
    .strictObject({ id: z.string(), metrics: z.record(z.string(), z.unknown()).optional() })
    .nullable()
    .optional(),
  /** The eligibility check of the orders before the training, and the note of the person who overrode it, or null. */
  eligibility: z
    .strictObject({
      findings: z.array(z.strictObject({ name: z.string(), is_met: z.boolean(), says: z.string() })),
      override: z.string().nullable(),
    })
    .optional(),
  /** The features that matter most. Cards of earlier versions have the gain alone, and are sorted by it. */
  importances: z
    .array(
      z.strictObject({
        /** The name of one, or `btyd` for what the purchase model says. */
        feature: z.string(),
        /** Its share in the squared error that the model's forest of revenue explains, on training rows. */
        gain: z.number(),
        /** By how much the RMSE of `metrics.out_of_time` rises when its values are shuffled; largest first. */
        rmse_rise: z.number().optional(),
        /** The standard deviation of that over the shuffles. */
        spread: z.number().optional(),
      }),
    )
    .optional(),
  versions: z
    .strictObject({ clv: z.string(), node: z.string(), libraries: z.record(z.string(), z.string()) })
    .optional(),
  /** How the model did against what it has to beat, on the customers of `metrics.out_of_time`. */
  contest: contestSchema.optional(),
  /** The file beside the card that says how the training set was distributed. */
  reference: z.strictObject({ file: z.string(), sha256: z.string() }).optional(),
  /** The files below `outputs/` that say how the model did against other forecasts. */
  report: z
    .strictObject({
      html: z.strictObject({ file: z.string(), sha256: z.string() }),
      csv: z.strictObject({ file: z.string(), sha256: z.string() }),
    })
    .optional(),
  /** The whole config that was in force. */
  config: z.record(z.string(), z.unknown()).optional(),
  /** When retention deleted the binary, ISO 8601 in UTC; absent while it is there. */
  binary_purged_at: z.string().optional(),
  status: z.enum(['candidate', 'champion', 'retired', 'rejected']),
});

/** Everything that has to be known about a model in seven years, in `models/cards/<id>.json`. */
export type ModelCard = z.infer<typeof cardSchema>;

/** The facts on a card that decide how the model can be measured. */
export function comparedModelOf(card: ModelCard): ComparedModel {
  return {
    modelId: card.model_id,
    cutoff: card.cutoff,
    historyMonths: card.history_months,
    predMonths: card.pred_months,
  };
}

/** The path of the card of a model. */
export function cardPath(home: Home, modelId: string): string {
  return `${home.cards}/${modelId}.json`;
}

/** The path of the binary of a model, whatever kind of model it is. */
export function forestPath(home: Home, modelId: string): string {
  return `${home.models}/${modelId}.forest`;
}

/** Writes a card, whole or not at all. Throws FileWriteError. */
export async function writeCard(home: Home, card: ModelCard): Promise<void> {
  await replaceFile(cardPath(home, card.model_id), `${JSON.stringify(card, null, 2)}\n`);
}

/** Changes the status on a card and leaves the rest as it is. */
export async function setCardStatus(home: Home, modelId: string, status: ModelStatus): Promise<void> {
  await changeCard(home, modelId, { status });
}

/**
 * Notes on a card that its binary was deleted, or, with null, that it is there again. The caller holds the registry's
 * lock.
 */
export async function setBinaryPurged(home: Home, modelId: string, at: string | null): Promise<void> {
  await changeCard(home, modelId, { binary_purged_at: at ?? undefined });
}

async function changeCard(home: Home, modelId: string, change: Partial<ModelCard>): Promise<void> {
  const card = JSON.parse(await readFile(cardPath(home, modelId), 'utf8'));
  await replaceFile(cardPath(home, modelId), `${JSON.stringify({ ...card, ...change }, null, 2)}\n`);
}

/**
 * SHA-256 of the content of a card, whatever its layout; hexadecimal. What may change later is left out: the status of
 * the model, and whether its binary was cleared away. Nothing else on a card may change.
 */
export async function cardSha256(home: Home, modelId: string): Promise<string> {
  const {
    status: _,
    binary_purged_at: __,
    ...facts
  } = JSON.parse(await readFile(cardPath(home, modelId), 'utf8'));
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

/** JSON with the keys of every object in the same order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

const MODEL_ID = /^clv_model_\d{8}_\d{6}$/;

/** Throws ModelUnknownError where there is no such card, CardDamagedError where it cannot be read. */
export async function readCard(home: Home, modelId: string): Promise<ModelCard> {
  const path = cardPath(home, modelId);
  // An id may come from a request, and must not lead out of the folder.
  if (!MODEL_ID.test(modelId)) throw unknownModel(modelId);
  try {
    return cardSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw unknownModel(modelId);
    throw new CardDamagedError('CARD_DAMAGED', `The card ${path} is damaged: ${damageOf(cause)}.`, {
      remedy: 'Restore the card from a backup, or train a new model.',
      cause,
    });
  }
}

/** The card of a model, or null where there is none. Throws CardDamagedError. */
export async function findCard(home: Home, modelId: string): Promise<ModelCard | null> {
  try {
    return await readCard(home, modelId);
  } catch (error) {
    if (error instanceof ModelUnknownError) return null;
    throw error;
  }
}

/** Whether a model has a card. Throws CardDamagedError. */
export async function hasCard(home: Home, modelId: string): Promise<boolean> {
  return (await findCard(home, modelId)) !== null;
}

function unknownModel(modelId: string): ModelUnknownError {
  return new ModelUnknownError('MODEL_UNKNOWN', `There is no model ${modelId}.`, {
    remedy: 'Look up the ids in models/cards.',
    values: { modelId },
  });
}

/** The ids of all models that have a card, oldest first. Throws FolderUnreadableError. */
export async function listModels(home: Home): Promise<string[]> {
  const names = await namesIn(home.cards);
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((id) => MODEL_ID.test(id))
    .sort();
}
