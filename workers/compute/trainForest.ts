import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import {
  allocateCodes,
  type BinnedMatrix,
  demandUniqueNames,
} from '../../src/domain/forest/binning/binnedMatrix.ts';
import { prepareTrainingSet } from '../../src/domain/forest/binning/trainingSet.ts';
import { assembleForest } from '../../src/domain/forest/growing/assembleForest.ts';
import {
  leavesRowsOut,
  measureOutOfBag,
  type TrainedForest,
  type TrainingOptions,
} from '../../src/domain/forest/growing/growForest.ts';
import { allocateBagBits } from '../../src/domain/forest/growing/outOfBag.ts';
import type { GrownTree } from '../../src/domain/forest/packedTrees.ts';
import { completeForestParams, type ForestParams } from '../../src/domain/forest/params.ts';
import { sharedFloats } from '../../src/domain/sharedFloats.ts';
import type { ComputePool } from '../pool.ts';
import { type ComputeOptions, evenSpans, runTasks } from './runTasks.ts';

/** Trees that a thread grows before other work has its turn: many enough that setting up is a small part. */
const treesPerTurn = 32;

/** Rows of one out-of-bag task. */
const rowsPerTask = 16_384;

/**
 * Bins a matrix on the pool, one feature a task. Forests that are trained on the same matrix with the same
 * `maxBins` can share the result.
 *
 * @throws ForestInputError if two features have the same name.
 */
export async function binOnPool(
  pool: ComputePool,
  matrix: FeatureMatrix,
  { maxBins, seed }: Pick<ForestParams, 'maxBins' | 'seed'>,
  { signal }: ComputeOptions = {},
): Promise<BinnedMatrix> {
  demandUniqueNames(matrix.featureNames);
  const codes = allocateCodes(matrix);
  const edges: Float64Array[] = [];
  await runTasks(pool, [...matrix.featureNames.keys()], async (feature) => {
    edges[feature] = await pool.run('binFeature', { matrix, feature, codes, maxBins, seed }, signal);
  });
  return { featureNames: matrix.featureNames, rows: matrix.rows, codes, edges, maxBins, seed };
}

/**
 * Trains a forest on the pool. The forest depends on data, parameters and seed alone, not on the threads.
 *
 * @param data a feature matrix, or one binned before with the same `maxBins` ({@link binOnPool}).
 * @param target one finite number a row.
 * @param options `onProgress` counts trees.
 * @throws ForestParamsError, ForestInputError (as ClvError, where a thread found it), AbortError.
 */
export async function trainForest(
  pool: ComputePool,
  data: FeatureMatrix | BinnedMatrix,
  target: Float64Array,
  params: Partial<ForestParams> = {},
  options: TrainingOptions & ComputeOptions = {},
): Promise<TrainedForest> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const complete = completeForestParams(params);
  const binned = 'codes' in data ? data : await binOnPool(pool, data, complete, options);
  const set = prepareTrainingSet(binned, target, options.weights);
  const hasBag = (options.outOfBag ?? true) && leavesRowsOut(complete);
  const bag = hasBag ? allocateBagBits(complete.trees, binned.rows) : undefined;
  const trees: GrownTree[] = [];
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  // Trees are not dealt out but taken, so that no thread waits for another at the end; the turns of
  // `treesPerTurn` let other work of the pool in between.
  const turns = Array.from({ length: Math.ceil(complete.trees / treesPerTurn) + pool.threads - 1 });
  let done = 0;
  await runTasks(pool, turns, async () => {
    const grown = await pool.run(
      'growTrees',
      { set, params: complete, bag, next, most: treesPerTurn },
      signal,
    );
    for (const { number, tree } of grown) trees[number] = tree;
    done += grown.length;
    if (grown.length > 0) onProgress?.(done, complete.trees);
  });
  const forest = assembleForest(set, complete, trees, options.metadata ?? {});
  if (bag === undefined) return { forest, outOfBag: undefined };
  const predictions = sharedFloats(binned.rows);
  await runTasks(pool, evenSpans(binned.rows, rowsPerTask), ({ from, to }) =>
    pool.run('predictRowsOutOfBag', { forest, binned, bag, from, to, predictions }, signal),
  );
  return { forest, outOfBag: measureOutOfBag(predictions, target) };
}
