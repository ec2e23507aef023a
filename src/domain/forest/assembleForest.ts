import { type Forest, type GrownTree, type LeafQuantiles, quantumFor } from './forest.ts';
import type { ForestParams } from './params.ts';
import type { TrainingSet } from './trainingSet.ts';

function sharedFloats(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

function sharedWords(length: number): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

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
  const { featureNames, edges, rows } = set.binned;
  const edgeOffsets = sharedWords(featureNames.length + 1);
  edges.forEach((own, feature) => {
    edgeOffsets[feature + 1] = edgeOffsets[feature] + own.length;
  });
  const allEdges = sharedFloats(edgeOffsets[featureNames.length]);
  edges.forEach((own, feature) => {
    allEdges.set(own, edgeOffsets[feature]);
  });
  const treeOffsets = sharedWords(trees.length + 1);
  trees.forEach((tree, index) => {
    treeOffsets[index + 1] = treeOffsets[index] + tree.values.length;
  });
  const size = treeOffsets[trees.length];
  const nodes = sharedWords(2 * size);
  const values = sharedFloats(size);
  const cover = sharedFloats(size);
  trees.forEach((tree, index) => {
    const at = treeOffsets[index];
    nodes.set(tree.nodes, 2 * at);
    values.set(tree.values, at);
    cover.set(tree.cover, at);
  });
  let largest = 0;
  for (const value of set.target) largest = Math.max(largest, Math.abs(value));
  return {
    featureNames,
    params,
    trainingRows: rows,
    quantum: quantumFor(largest),
    edges: allEdges,
    edgeOffsets,
    treeOffsets,
    nodes,
    values,
    cover,
    leafQuantiles: params.leafQuantiles ? joinLeafQuantiles(set, trees) : undefined,
    metadata,
  };
}

function joinLeafQuantiles(set: TrainingSet, trees: readonly GrownTree[]): LeafQuantiles {
  const targets = sharedFloats(set.leafTargets.length);
  targets.set(set.leafTargets);
  const parts = trees.map(({ leafPoints }) => leafPoints ?? new Uint16Array(0));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const points = new Uint16Array(new SharedArrayBuffer(length * Uint16Array.BYTES_PER_ELEMENT));
  let at = 0;
  for (const part of parts) {
    points.set(part, at);
    at += part.length;
  }
  return { targets, points };
}
