import type { FeatureMatrix } from '../../features/matrix.ts';
import { type Forest, toGrid } from '../forest.ts';
import { type PackedTrees, treeCount } from '../packedTrees.ts';
import { allRows, createLeafFinder } from './leafFinder.ts';
import { matchColumns } from './matchColumns.ts';

/** How the prediction of a row comes about. */
export interface Explanation {
  /** What {@link predictRows} gives for the row. */
  readonly prediction: number;
  /** Mean over the trees of the values of their roots: what would be predicted without looking at any feature. */
  readonly baseline: number;
  /**
   * One number a feature of the forest. Baseline and contributions, added in any order, give the prediction
   * exactly: all are whole multiples of the forest's quantum.
   */
  readonly contributions: Float64Array;
}

/** What one row meets on its way down all trees: sums from which its prediction is made. */
export interface TreePaths {
  /** The start plus the values of the row's leaves, added in the order of the trees. */
  readonly leaves: number;
  /** The start plus the values of the roots. */
  readonly roots: number;
  /** For each feature the sum of the changes of value at its splits on the row's paths from the roots to the leaves. */
  readonly moves: Float64Array;
}

/**
 * Divides the prediction of one row among the features. On the way down a tree, each split changes the mean from that
 * of the node to that of the child, and the change is credited to the feature of the split (path decomposition,
 * Palczewska et al. 2014, also known as the Saabas method).
 *
 * @throws ForestInputError if the matrix lacks a feature of the forest.
 */
export function explainRow(forest: Forest, matrix: FeatureMatrix, row: number): Explanation {
  const { leaves, roots, moves } = followPaths(forest, matrix, row);
  const trees = treeCount(forest);
  return toExplanation(
    leaves / trees,
    roots / trees,
    moves.map((move) => move / trees),
    forest.quantum,
  );
}

/**
 * Follows one row down all trees.
 *
 * @param start the number that the sums of leaves and of roots begin with.
 * @throws ForestInputError if the matrix lacks a feature.
 */
export function followPaths(trees: PackedTrees, matrix: FeatureMatrix, row: number, start = 0): TreePaths {
  const { nodes, values, treeOffsets } = trees;
  const columns = matchColumns(trees, matrix.featureNames);
  const finder = createLeafFinder(trees, 1);
  finder.encode(matrix, columns, row, row + 1);
  const chosen = allRows(1);
  const moves = new Float64Array(trees.featureNames.length);
  let leaves = start;
  let roots = start;
  for (let tree = 0; tree < treeCount(trees); tree++) {
    const root = treeOffsets[tree];
    const leaf = finder.find(tree, chosen, 1)[0];
    leaves += values[root + leaf];
    roots += values[root];
    // From the leaf up: children have higher numbers than their parents, so one pass backwards finds the path.
    let child = leaf;
    for (let node = leaf - 1; node >= 0; node--) {
      const left = nodes[2 * (root + node)];
      if (left === node || (left !== child && left + 1 !== child)) continue;
      moves[nodes[2 * (root + node) + 1] >>> 17] += values[root + child] - values[root + node];
      child = node;
    }
  }
  return { leaves, roots, moves };
}

/** Rounds prediction, baseline and moves to the grid of `quantum`, such that they add up exactly. */
export function toExplanation(
  leaves: number,
  roots: number,
  moves: Float64Array,
  quantum: number,
): Explanation {
  const prediction = toGrid(leaves, quantum);
  const baseline = toGrid(roots, quantum);
  const contributions = moves.map((move) => toGrid(move, quantum));
  // Rounding each to the grid leaves a few quanta over: they go to the largest contribution, where they matter least.
  let left = prediction - baseline;
  let largest = 0;
  contributions.forEach((contribution, feature) => {
    left -= contribution;
    if (Math.abs(contribution) > Math.abs(contributions[largest])) largest = feature;
  });
  if (contributions.length > 0) contributions[largest] += left;
  return { prediction, baseline, contributions };
}
