import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import { rememberedSha256 } from '../artefacts/rememberedSha256.ts';
import { sha256OfFile } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import type { WindowPair } from '../domain/calendar/windows.ts';
import { ClvError } from '../domain/errors.ts';
import { decodeForecaster } from '../domain/forecast/file/decodeForecaster.ts';
import { encodeForecaster } from '../domain/forecast/file/encodeForecaster.ts';
import { holdSameModel, olderVersionOf } from '../domain/forecast/file/olderFormat.ts';
import type { Forecaster } from '../domain/forecast/forecaster.ts';
import { forestPath, type ModelCard } from './modelCard.ts';

/** The binary of a card is missing, or is not the one that was written. */
export class ForestFileMismatchError extends ClvError {}

/** A model's binary, and what the card says about it. */
export interface ModelImage {
  readonly bytes: Uint8Array;
  readonly facts: ModelCard['forest'];
}

/** The binary of a model, and what its card says of it. The same model gives the same bytes. */
export function modelImage(modelId: string, forecaster: Forecaster): ModelImage {
  const bytes = encodeForecaster(forecaster);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, facts: { file: `${modelId}.forest`, bytes: bytes.length, sha256 } };
}

/** Writes a model's binary. Throws FileWriteError. */
export async function writeBinary(home: Home, modelId: string, image: ModelImage): Promise<void> {
  await replaceFile(forestPath(home, modelId), image.bytes);
}

/**
 * The model of a card, its trees on a shared buffer. Throws ForestFileMismatchError where the file is missing or is not
 * the one of the card, and the errors of `decodeForecaster` for a damaged one.
 */
export async function readForecaster(home: Home, card: ModelCard): Promise<Forecaster> {
  return decodeForecaster(await readBinary(home, card), windowsOf(card));
}

/**
 * The format version of a card's binary, if it is an older one that holds the same model as `image`; else null. Throws as
 * `readForecaster`.
 */
export async function olderFormatOf(home: Home, card: ModelCard, image: ModelImage): Promise<number | null> {
  const before = await readBinary(home, card);
  const version = olderVersionOf(before);
  return version !== null && holdSameModel(before, image.bytes, windowsOf(card)) ? version : null;
}

function windowsOf(card: ModelCard): WindowPair {
  return { historyMonths: card.history_months, predMonths: card.pred_months };
}

/** The bytes on a shared buffer. Throws ForestFileMismatchError. */
async function readBinary(home: Home, card: ModelCard): Promise<Uint8Array> {
  await demandBinary(home, card);
  const file = await open(forestPath(home, card.model_id));
  try {
    const bytes = new Uint8Array(new SharedArrayBuffer(card.forest.bytes));
    await file.read(bytes, 0, bytes.length, 0);
    return bytes;
  } finally {
    await file.close();
  }
}

/** Throws ForestFileMismatchError where a card's binary is missing or is not the one that was written. */
export async function demandBinary(home: Home, card: ModelCard): Promise<void> {
  demandSha256(home, card, await sha256OfFile(forestPath(home, card.model_id)));
}

/** The same for frequent calls: the bytes are read again only after the file has changed. */
export async function demandBinaryUnchanged(home: Home, card: ModelCard): Promise<void> {
  demandSha256(home, card, await rememberedSha256(forestPath(home, card.model_id)));
}

function demandSha256(home: Home, card: ModelCard, actual: string | null): void {
  if (actual === card.forest.sha256) return;
  const path = forestPath(home, card.model_id);
  throw new ForestFileMismatchError(
    'FOREST_FILE_MISMATCH',
    actual === null
      ? `${path} is missing.`
      : `${path} is not the file that was trained: its SHA-256 is not the one on the card.`,
    {
      remedy: `Restore it from a backup, or make it again: clv reproduce ${card.model_id}`,
      values: { expected: card.forest.sha256, actual },
    },
  );
}
