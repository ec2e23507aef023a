import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { namesIn } from '../artefacts/files/namesIn.ts';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import { compactDate } from '../domain/calendar/timestamps.ts';
import { ClvError } from '../domain/errors.ts';
import { metricsSchema } from './metricsSchema.ts';
import { cardSchema, fingerprintSchema, type ModelCard } from './modelCard.ts';

/** A comparison was made, and cannot be read. */
export class ComparisonGoneError extends ClvError {}

/** The part of a card that is shown when two models are compared. */
const sideSchema = cardSchema.pick({
  model_id: true,
  created_at: true,
  cutoff: true,
  history_months: true,
  pred_months: true,
  training_window: true,
  hyper_parameters: true,
  metrics: true,
  importances: true,
  search: true,
});

const measuredModel = z.strictObject({
  /** `binary`: the model itself. `refit`: its recipe, fitted one prediction window before the months compared. */
  by: z.enum(['binary', 'refit']),
  fit_cutoff: z.string(),
  /** The day after the last label of that fit; never after the first day of the window. */
  labels_end: z.string(),
  has_full_history: z.boolean(),
  metrics: metricsSchema,
});

/** The shape of the file of a comparison. */
export const comparisonSchema = z.strictObject({
  models: z.tuple([sideSchema, sideSchema]),
  /** The errors of both on the same customers; null where these cannot be compared. */
  measured: z
    .strictObject({
      /** The newest months that are complete in the orders; `end` does not belong to them. */
      window: z.strictObject({ start: z.string(), end: z.string() }),
      orders: fingerprintSchema,
      /** Customers with an order in the shorter history: those that both models predict. */
      customers: z.int(),
      /** Customers whom only the model with the longer history predicts. */
      left_out: z.int(),
      models: z.tuple([measuredModel, measuredModel]),
      difference: z.strictObject({
        /** RMSE of the first minus RMSE of the second: below zero the first is better. */
        rmse: z.number(),
        /** 95 % of the resamples lie between these. */
        interval: z.tuple([z.number(), z.number()]),
        share_first_better: z.number(),
        resamples: z.int(),
        seed: z.int(),
      }),
      winner: z.enum(['first', 'second', 'chance', 'same']),
    })
    .nullable(),
  /** What has to be known to read the figures correctly, a sentence each. */
  notes: z.array(z.string()),
  conclusion: z.string(),
  /**
   * By which one can see whether the orders are still those that were read (`ordersSignature`); null where none were
   * read.
   */
  orders_signature: z.string().nullable(),
});

/** Two models side by side: `outputs/comparisons/<id>_vs_<other>_<window>.json`. See docs/governance.md. */
export type ComparisonRecord = z.infer<typeof comparisonSchema>;

/** The part of a card that a comparison shows. */
export function sideOf(card: ModelCard): ComparisonRecord['models'][number] {
  return sideSchema.strip().parse(card);
}

function folderOf(outputs: string): string {
  return `${outputs}/comparisons`;
}

/** The file of a comparison; its window in the name is `<first day>_pred<X>m`. */
export function comparisonPath(
  outputs: string,
  [first, second]: readonly [ModelCard, ModelCard],
  windowStart: string,
): string {
  const window = `${compactDate(windowStart)}_pred${first.pred_months}m`;
  return `${folderOf(outputs)}/${first.model_id}_vs_${second.model_id}_${window}.json`;
}

/** Throws FileWriteError. */
export async function writeComparison(path: string, record: ComparisonRecord): Promise<void> {
  await replaceFile(path, `${JSON.stringify(comparisonSchema.parse(record), null, 2)}\n`);
}

/** The comparison that a job made: it names the file as its own process sees the home. Throws ComparisonGoneError. */
export async function readMadeComparison(outputs: string, file: string): Promise<ComparisonRecord> {
  const path = `${folderOf(outputs)}/${basename(file)}`;
  const record = await readComparison(path);
  if (record !== null) return record;
  throw new ComparisonGoneError(
    'COMPARISON_GONE',
    `${path} was made, and now it is gone or cannot be read.`,
    {
      remedy: 'Compare the models again.',
      values: { path },
    },
  );
}

/** The comparison in a file; null where there is none, or it cannot be read: it can be made again. */
export async function readComparison(path: string): Promise<ComparisonRecord | null> {
  try {
    return comparisonSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** The comparison of two models that was made on orders of this signature, or null. */
export async function findComparison(
  outputs: string,
  ids: readonly [string, string],
  ordersSignature: string,
): Promise<ComparisonRecord | null> {
  const names = await namesIn(folderOf(outputs));
  for (const name of names.filter((it) => it.startsWith(`${ids[0]}_vs_${ids[1]}_`) && it.endsWith('.json'))) {
    const record = await readComparison(`${folderOf(outputs)}/${name}`);
    if (record?.orders_signature === ordersSignature) return record;
  }
  return null;
}
