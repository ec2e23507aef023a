import type { TrainingSet } from '../binning/trainingSet.ts';
import { type Forest, type LeafQuantiles, quantumFor } from '../forest.ts';
import { type GrownTree, packTrees } from '../packedTrees.ts';
import type { ForestParams } from '../params.ts';

/**
 * Puts the trees of one training set together, on shared buffers.
 *
 * @param trees in the order of their numbers.
 * @param metadata a JSON object that is kept with the forest.
 */
export function assembleForest(
  set: TrainingSet,
  params: ForestParams,
  trees: readonly GrownTree[],
  metadata: Readonly<Record<string, unknown>>,
): Forest {
  let largest = 0;
  for (const value of set.target) largest = Math.max(largest, Math.abs(value));
  return {
    ...packTrees(set.binned, trees),
    params,
    trainingRows: set.binned.rows,
    quantum: quantumFor(largest),
    leafQuantiles: params.leafQuantiles ? joinLeafQuantiles(set, trees) : undefined,
    metadata,
  };
}

function joinLeafQuantiles(set: TrainingSet, trees: readonly GrownTree[]): LeafQuantiles {
  const parts = trees.map(({ leafPoints }) => leafPoints ?? new Uint16Array(0));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const points = new Uint16Array(new SharedArrayBuffer(length * Uint16Array.BYTES_PER_ELEMENT));
  let at = 0;
  for (const part of parts) {
    points.set(part, at);
    at += part.length;
  }
  return { targets: set.leafTargets, points };
}
