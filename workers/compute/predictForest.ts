import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import type { Forest } from '../../src/domain/forest/forest.ts';
import { matchColumns } from '../../src/domain/forest/predicting/matchColumns.ts';
import { defaultLevels, demandQuantiles } from '../../src/domain/forest/predicting/quantiles.ts';
import { shareForest } from '../../src/domain/forest/shareForest.ts';
import { sharedFloats } from '../../src/domain/sharedFloats.ts';
import type { ComputePool } from '../pool.ts';
import { type ComputeOptions, evenSpans, runTasks } from './runTasks.ts';

/** How prediction is cut up. */
export interface PredictOptions extends ComputeOptions {
  /** Rows of one task; progress is told after each. Default 16,384. */
  readonly chunkRows?: number;
}

/**
 * Predicts every row of a matrix on the pool.
 *
 * @param matrix has at least the features of the forest, in any order.
 * @param options `onProgress` counts rows.
 * @returns one prediction a row, on a shared buffer.
 * @throws ForestInputError if the matrix lacks a feature; AbortError.
 */
export async function predictForest(
  pool: ComputePool,
  forest: Forest,
  matrix: FeatureMatrix,
  { signal, onProgress, chunkRows = 16_384 }: PredictOptions = {},
): Promise<Float64Array<SharedArrayBuffer>> {
  signal?.throwIfAborted();
  matchColumns(forest, matrix.featureNames);
  const predictions = sharedFloats(matrix.rows);
  const sharedForest = shareForest(forest);
  let done = 0;
  await runTasks(pool, evenSpans(matrix.rows, chunkRows), async ({ from, to }) => {
    await pool.run('predictForestRows', { forest: sharedForest, matrix, from, to, predictions }, signal);
    done += to - from;
    onProgress?.(done, matrix.rows);
  });
  return predictions;
}

/**
 * Predicts quantiles of the target for every row of a matrix on the pool.
 *
 * @param options `levels` between 0 and 1, default 0.1, 0.5 and 0.9; `onProgress` counts rows.
 * @returns for each level one quantile a row, on a shared buffer.
 * @throws QuantilesUnavailableError if the forest was trained without `leafQuantiles`; ForestInputError; AbortError.
 */
export async function predictForestQuantiles(
  pool: ComputePool,
  forest: Forest,
  matrix: FeatureMatrix,
  options: PredictOptions & { readonly levels?: readonly number[] } = {},
): Promise<Float64Array<SharedArrayBuffer>[]> {
  const { signal, onProgress, chunkRows = 16_384, levels = defaultLevels } = options;
  signal?.throwIfAborted();
  demandQuantiles(forest, levels);
  matchColumns(forest, matrix.featureNames);
  const quantiles = levels.map(() => sharedFloats(matrix.rows));
  const sharedForest = shareForest(forest);
  let done = 0;
  await runTasks(pool, evenSpans(matrix.rows, chunkRows), async ({ from, to }) => {
    const task = { forest: sharedForest, matrix, levels, from, to, quantiles };
    await pool.run('predictForestQuantiles', task, signal);
    done += to - from;
    onProgress?.(done, matrix.rows);
  });
  return quantiles;
}
