import { isDeepStrictEqual } from 'node:util';
import { reproduceModel } from '../../queues/modelBuild.ts';
import { sha256OfFile } from '../../src/artefacts/sidecar.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { planTraining } from '../../src/domain/evaluation/trainingCutoff.ts';
import { withRegistryLock } from '../../src/locks/homeLocks.ts';
import { codeCommit } from '../../src/registry/codeCommit.ts';
import { olderFormatOf, writeBinary } from '../../src/registry/modelBinary.ts';
import { forestPath, type ModelCard, readCard, setBinaryPurged } from '../../src/registry/modelCard.ts';
import { writeReference } from '../../src/registry/populationReference.ts';
import { programVersions } from '../../src/registry/programVersions.ts';
import { restoreTrainingReport } from '../../src/registry/trainingReportFiles.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { processorOf } from '../processor.ts';
import { fingerprintsOf, measureModel } from './measureModel.ts';
import { recipeOf } from './recipeOf.ts';

/** One value of the card that the second fit does not give again. */
interface Difference {
  readonly what: string;
  readonly card: unknown;
  readonly now: unknown;
}

/**
 * Fits a model again from its card. Orders that are not those of the card end it before the fit; else metrics and the
 * binary's SHA-256 are compared; of a binary in an older format of the file, what it holds. A binary that is missing and
 * comes out the same is written again, the reference of the training set and the report too. A report that is drawn
 * otherwise is no difference: it says nothing about the model.
 */
export const reproduceModelProcessor = processorOf(reproduceModel, async (request, context) => {
  const { home, clock, pool, progress } = context;
  const card = await readCard(home, request.modelId);
  const config = await loadConfig(home);
  const recipe = recipeOf(card);
  progress(0.05, 'reading orders');
  const source = request.orders ?? (config.data.orders === null ? (card.orders_source ?? null) : null);
  using book = await openOrders({ home, clock, threads: pool.threads }, config, source);
  const { report, dataEnd } = book;
  const plan = planTraining(card.cutoff, recipe, { firstDate: report.openingDate, dataEnd });
  const prints = await fingerprintsOf(book, plan, recipe);
  const inData = [
    ...differencesOf('data', card.data, prints.data),
    ...(card.baseline_data === undefined
      ? []
      : differencesOf('baseline_data', card.baseline_data, prints.baseline_data)),
  ];
  if (inData.length > 0) return answer(card, 'other-orders', inData);
  const { image, reference, report: reportImage, facts } = await measureModel(book, plan, recipe, context);
  const differences = [
    ...differencesOf('features', card.features, facts.features),
    ...differencesOf('metrics.out_of_time', card.metrics.out_of_time, facts.metrics.out_of_time),
    ...differencesOf('metrics.out_of_bag', card.metrics.out_of_bag, facts.metrics.out_of_bag),
    ...(card.reference === undefined ? [] : differencesOf('reference', card.reference, facts.reference)),
  ];
  const inBytes = differencesOf('forest', card.forest, facts.forest);
  const isMissing = (await sha256OfFile(forestPath(home, card.model_id))) === null;
  const olderFormat =
    inBytes.length === 0 || isMissing
      ? null
      : // A file that is damaged has no format: what is different about it is told as ever.
        await olderFormatOf(home, card, image).catch(() => null);
  if (olderFormat === null) differences.push(...inBytes);
  if (differences.length > 0) {
    const commit = await codeCommit(process.env);
    differences.push(...differencesOf('code_commit', card.code_commit, commit));
    if (card.versions !== undefined)
      differences.push(...differencesOf('versions', card.versions, await programVersions()));
    return { ...answer(card, 'different', differences), binary_missing: isMissing };
  }
  if (isMissing) await writeBinary(home, card.model_id, image);
  if (card.reference !== undefined) await writeReference(home, card.model_id, reference);
  await restoreTrainingReport(home, card, reportImage);
  if (card.binary_purged_at !== undefined)
    await withRegistryLock(home, () => setBinaryPurged(home, card.model_id, null));
  return { ...answer(card, 'identical', []), older_format: olderFormat, restored: isMissing };
});

function answer(
  card: ModelCard,
  verdict: 'identical' | 'different' | 'other-orders',
  differences: Difference[],
) {
  return {
    model_id: card.model_id,
    verdict,
    forest_sha256: card.forest.sha256,
    differences,
    /** The format version of the binary where it is one that is no longer written, so that contents were compared. */
    older_format: null as number | null,
    /** Whether there was no binary to compare with. */
    binary_missing: false,
    restored: false,
  };
}

/** The values that differ, each named by its path; objects are compared key by key. */
function differencesOf(what: string, card: unknown, now: unknown): Difference[] {
  // As JSON has it: what was written to the card went through it as well.
  const [a, b] = [card, now].map((value) => JSON.parse(JSON.stringify(value)));
  if (isDeepStrictEqual(a, b)) return [];
  if (!isRecord(a) || !isRecord(b)) return [{ what, card: a, now: b }];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differencesOf(`${what}.${key}`, a[key] ?? null, b[key] ?? null),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
