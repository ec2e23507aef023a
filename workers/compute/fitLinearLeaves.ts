import type { BinnedMatrix } from '../../src/domain/forest/binning/binnedMatrix.ts';
import type { Forest } from '../../src/domain/forest/forest.ts';
import { allocateLinearLeaves, type LinearLeaves } from '../../src/domain/forest/growing/linearLeaves.ts';
import { treeCount } from '../../src/domain/forest/packedTrees.ts';
import type { ComputePool } from '../pool.ts';
import { type ComputeOptions, evenSpans, runTasks } from './runTasks.ts';

/** Trees of one task: enough that its rows are copied few times. */
const TREES_PER_TASK = 50;

/**
 * Fits lines to the leaves of a forest on the pool; see `fitLinearLeaves`.
 *
 * @param data what the forest was grown on. @param target, regressor one finite number a row, on shared buffers.
 */
export async function fitLinearLeavesOnPool(
  pool: ComputePool,
  forest: Forest,
  data: BinnedMatrix,
  target: Float64Array,
  regressor: Float64Array,
  { signal }: ComputeOptions = {},
): Promise<LinearLeaves> {
  const leaves = allocateLinearLeaves(forest);
  await runTasks(pool, evenSpans(treeCount(forest), TREES_PER_TASK), (trees) =>
    pool.run('fitLinearLeavesTask', { forest, data, target, regressor, trees, leaves }, signal),
  );
  return leaves;
}
