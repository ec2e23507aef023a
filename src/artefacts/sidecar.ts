import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { isIsoDate } from '../domain/calendar/dates.ts';
import { MOST_HISTORY_MONTHS, MOST_PRED_MONTHS } from '../domain/calendar/windowLimits.ts';
import { ClvError } from '../domain/errors.ts';
import { damageOf } from './files/damageOf.ts';
import { replaceFile } from './files/replaceFile.ts';
import { sidecarName } from './names.ts';

/** An artefact or its sidecar is missing, or the file was changed after it was written. */
export class ArtefactError extends ClvError {}

const sidecarSchema = z.looseObject({
  file: z.string(),
  rows: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  model_id: z.string(),
  cutoff: z.string().refine(isIsoDate, 'must be a date written YYYY-MM-DD'),
  history_months: z.int().min(1).max(MOST_HISTORY_MONTHS),
  pred_months: z.int().min(1).max(MOST_PRED_MONTHS),
});

/**
 * What an artefact is, beside it in a JSON file: its checksum, the model and window that it comes from, and more by kind.
 * Nothing in it depends on when it was written, so that writing again gives the same bytes.
 */
export type Sidecar = z.infer<typeof sidecarSchema>;

/** Writes the sidecar of an artefact beside it. Throws FileWriteError. */
export async function writeSidecar(artefactPath: string, sidecar: Sidecar): Promise<void> {
  await replaceFile(sidecarName(artefactPath), `${JSON.stringify(sidecar, null, 2)}\n`);
}

/** The sidecar of an artefact, or null where there is none or it cannot be read. */
export function findSidecar(artefactPath: string): Promise<Sidecar | null> {
  return readSidecar(artefactPath).catch(() => null);
}

/** The sidecar of an artefact; null where there is none. Throws ArtefactError where it is damaged. */
export async function readSidecar(artefactPath: string): Promise<Sidecar | null> {
  const path = sidecarName(artefactPath);
  try {
    return sidecarSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw sidecarDamaged(path, damageOf(cause), cause);
  }
}

/** @param damage words that follow a colon, without a full stop. */
export function sidecarDamaged(path: string, damage: string, cause?: unknown): ArtefactError {
  return new ArtefactError('SIDECAR_DAMAGED', `${path} is damaged: ${damage}.`, {
    remedy: 'Put it back from a backup, or score its cutoff again: that writes the same file.',
    values: { path },
    cause,
  });
}

/** The sidecar of an artefact is gone, and the artefact is there. */
export function sidecarLost(path: string): ArtefactError {
  return new ArtefactError('SIDECAR_LOST', `${path} is missing, although the file that it is of is there.`, {
    remedy: 'Put it back from a backup, or score its cutoff again: that writes the same file.',
    values: { path },
  });
}

/**
 * The sidecar of an artefact whose bytes are exactly those that were written.
 * Throws ArtefactError where the file or sidecar is missing, or the checksum differs.
 */
export async function readVerifiedSidecar(artefactPath: string): Promise<Sidecar> {
  const sidecar = await findSidecar(artefactPath);
  const remedy = 'Have it made again; a file of a scoring run is, where the cutoff is scored again.';
  if (sidecar === null) {
    throw new ArtefactError(
      'ARTEFACT_UNKNOWN',
      `${sidecarName(artefactPath)} is missing or damaged, so ${artefactPath} cannot be trusted.`,
      { remedy },
    );
  }
  const actual = await sha256OfFile(artefactPath);
  if (actual === sidecar.sha256) return sidecar;
  const what =
    actual === null
      ? 'is missing'
      : 'was changed after it was written: its SHA-256 is not that of its sidecar';
  throw new ArtefactError('ARTEFACT_CHANGED', `${artefactPath} ${what}.`, {
    remedy,
    values: { expected: sidecar.sha256, actual },
  });
}

/** SHA-256 of a file's bytes, hexadecimal; null where there is no such file. */
export async function sha256OfFile(path: string): Promise<string | null> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), digest);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return digest.digest('hex');
}
