import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import type { Home } from '../config/home.ts';
import type { ModelCard } from './modelCard.ts';

const referenceSchema = z.strictObject({
  model_id: z.string(),
  /** Where the reference of `predicted_clv` comes from; see docs/monitoring.md. */
  predictions_from: z.enum(['out-of-bag', 'baseline']),
  /** By variable; `predicted_clv` is that of the predictions. See `PopulationReference`. */
  variables: z.record(
    z.string(),
    z.strictObject({
      edges: z.array(z.number()).readonly(),
      counts: z.array(z.int().min(0)).min(3).readonly(),
    }),
  ),
});

/** How the training set of a model was distributed, in `models/cards/<id>.reference.json`. */
export type ModelReference = z.infer<typeof referenceSchema>;

/** A reference as it is written, and what the card says about it. */
export interface ReferenceImage {
  readonly text: string;
  readonly facts: NonNullable<ModelCard['reference']>;
}

/** The path of the file that says how the training set of a model was distributed. */
export function referencePath(home: Home, modelId: string): string {
  return `${home.cards}/${modelId}.reference.json`;
}

/** The text of a reference, and what the card says of it. */
export function referenceImage(reference: ModelReference): ReferenceImage {
  const text = `${JSON.stringify(reference)}\n`;
  return { text, facts: { file: `${reference.model_id}.reference.json`, sha256: sha256Of(text) } };
}

/** Writes a reference beside the card. Throws FileWriteError. */
export async function writeReference(home: Home, modelId: string, image: ReferenceImage): Promise<void> {
  await replaceFile(referencePath(home, modelId), image.text);
}

/** The reference of a card, or a sentence that says why there is none, because that must never stop a scoring run. */
export async function readReference(home: Home, card: ModelCard): Promise<ModelReference | string> {
  const { model_id, reference } = card;
  if (reference === undefined)
    return `${model_id} was trained by a version that kept no reference of its training set.`;
  const remedy = `clv reproduce ${model_id} writes it again.`;
  const text = await readFile(referencePath(home, model_id), 'utf8').catch(() => null);
  if (text === null) return `${reference.file} is missing. ${remedy}`;
  if (sha256Of(text) !== reference.sha256)
    return `${reference.file} was changed after the training: its SHA-256 is not the one on the card. ${remedy}`;
  return referenceSchema.parse(JSON.parse(text));
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
