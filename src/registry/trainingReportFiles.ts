import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import { sha256OfFile } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import type { ModelCard } from './modelCard.ts';

/** The forms of a report: a page for people, a table for analysts. */
export type ReportForm = 'html' | 'csv';
const FORMS: readonly ReportForm[] = ['html', 'csv'];

/** The report of a training is missing, or is not the one that was written. */
export class TrainingReportError extends ClvError {}

/** A report as it is written, and what the card says about it. */
export interface TrainingReportImage {
  readonly texts: Readonly<Record<ReportForm, string>>;
  readonly facts: NonNullable<ModelCard['report']>;
}

/** `training/clv_training_report_clv_model_20260101_120000.html`, below `outputs/`. */
function fileOf(modelId: string, form: ReportForm): string {
  return `training/clv_training_report_${modelId}.${form}`;
}

function pathOf(home: Home, modelId: string, form: ReportForm): string {
  return `${home.outputs}/${fileOf(modelId, form)}`;
}

/** The report of a training in each of its forms, and what the card says of them. */
export function trainingReportImage(
  modelId: string,
  texts: Readonly<Record<ReportForm, string>>,
): TrainingReportImage {
  const factsOf = (form: ReportForm) => ({
    file: fileOf(modelId, form),
    sha256: createHash('sha256').update(texts[form]).digest('hex'),
  });
  return { texts, facts: { html: factsOf('html'), csv: factsOf('csv') } };
}

/** Writes both forms of a report. Throws FileWriteError. */
export async function writeTrainingReport(
  home: Home,
  modelId: string,
  { texts }: TrainingReportImage,
): Promise<void> {
  for (const form of FORMS) await replaceFile(pathOf(home, modelId, form), texts[form]);
}

/**
 * Writes those files of a card's report again that are missing or were changed, if the bytes of `image` match the
 * checksums on the card. They do not if another version of the program draws the report differently; then nothing is
 * written.
 */
export async function restoreTrainingReport(
  home: Home,
  { model_id, report }: ModelCard,
  image: TrainingReportImage,
): Promise<void> {
  for (const form of FORMS) {
    const path = pathOf(home, model_id, form);
    const wanted = report?.[form].sha256;
    if (image.facts[form].sha256 === wanted && (await sha256OfFile(path)) !== wanted)
      await replaceFile(path, image.texts[form]);
  }
}

/**
 * One form of the report that a card names. Throws TrainingReportError: `TRAINING_REPORT_UNKNOWN` where there is none,
 * `TRAINING_REPORT_CHANGED` where the file is not the one that the card was written with.
 */
export async function readTrainingReport(
  home: Home,
  { model_id, report }: ModelCard,
  form: ReportForm,
): Promise<Buffer> {
  if (report === undefined) {
    throw new TrainingReportError(
      'TRAINING_REPORT_UNKNOWN',
      `${model_id} was trained by a version that wrote no report.`,
      { remedy: 'Train a new model; its metrics stand on the card of this one.' },
    );
  }
  const { file, sha256 } = report[form];
  const remedy = `clv reproduce ${model_id} writes it again, if this version draws it as it was drawn then.`;
  const bytes = await readFile(pathOf(home, model_id, form)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new TrainingReportError('TRAINING_REPORT_UNKNOWN', `${file} is missing.`, { remedy });
  });
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === sha256) return bytes;
  throw new TrainingReportError(
    'TRAINING_REPORT_CHANGED',
    `${file} was changed after the training: its SHA-256 is not the one on the card.`,
    { remedy, values: { expected: sha256, actual } },
  );
}
