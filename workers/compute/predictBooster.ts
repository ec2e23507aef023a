import type { Booster } from '../../src/domain/boosting/booster.ts';
import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import { matchColumns } from '../../src/domain/forest/matchColumns.ts';
import type { ComputePool } from '../pool.ts';
import type { PredictOptions } from './predictForest.ts';
import { evenSpans, runTasks } from './runTasks.ts';

/**
 * Predicts every row of a matrix with boosted trees on the pool; as `predictForest`.
 *
 * @throws ForestInputError if the matrix lacks a feature; AbortError.
 */
export async function predictBooster(
  pool: ComputePool,
  booster: Booster,
  matrix: FeatureMatrix,
  { signal, onProgress, chunkRows = 16_384 }: PredictOptions = {},
): Promise<Float64Array<SharedArrayBuffer>> {
  signal?.throwIfAborted();
  matchColumns(booster, matrix.featureNames);
  const predictions = new Float64Array(new SharedArrayBuffer(matrix.rows * Float64Array.BYTES_PER_ELEMENT));
  let done = 0;
  await runTasks(pool, evenSpans(matrix.rows, chunkRows), async ({ from, to }) => {
    await pool.run('predictBoosterRowsTask', { booster, matrix, from, to, predictions }, signal);
    done += to - from;
    onProgress?.(done, matrix.rows);
  });
  return predictions;
}
