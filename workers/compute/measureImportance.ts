import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import type { Forest } from '../../src/domain/forest/forest.ts';
import { matchColumns } from '../../src/domain/forest/matchColumns.ts';
import type { FeatureImportance } from '../../src/domain/forest/permutationImportance.ts';
import { shareForest } from '../../src/domain/forest/shareForest.ts';
import type { ComputePool } from '../pool.ts';
import { type ComputeOptions, runTasks } from './runTasks.ts';

/**
 * Permutation importance of every feature on the pool, one feature a task. Hand over rows of a time that the forest
 * has not seen.
 *
 * @param actual true target of each row of `matrix`.
 * @param options `repeats` shuffles of each feature (default 5), `seed` of the shuffles; `onProgress` counts features.
 * @returns one entry a feature, in the order of the forest's features.
 * @throws ForestInputError if the matrix lacks a feature; AbortError.
 */
export async function measureImportance(
  pool: ComputePool,
  forest: Forest,
  matrix: FeatureMatrix,
  actual: Float64Array,
  options: ComputeOptions & { readonly repeats?: number; readonly seed?: number } = {},
): Promise<FeatureImportance[]> {
  const { signal, onProgress, repeats = 5, seed = 42 } = options;
  signal?.throwIfAborted();
  matchColumns(forest, matrix.featureNames);
  const sharedForest = shareForest(forest);
  const importances: FeatureImportance[] = [];
  let done = 0;
  await runTasks(pool, [...forest.featureNames.keys()], async (feature) => {
    const task = { forest: sharedForest, matrix, actual, feature, repeats, seed };
    importances[feature] = await pool.run('permuteFeature', task, signal);
    onProgress?.(++done, forest.featureNames.length);
  });
  return importances;
}
