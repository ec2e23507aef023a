import type { FeatureMatrix } from '../features/matrix.ts';
import { type Forest, toGrid, treeCount } from './forest.ts';
import { allRows, createLeafFinder } from './leafFinder.ts';
import { matchColumns } from './matchColumns.ts';

/** Why a row is predicted what it is. */
export interface Explanation {
  /** What {@link predictRows} gives for the row. */
  readonly prediction: number;
  /** Mean over the trees of the roots' means: what would be predicted without looking at a feature. */
  readonly baseline: number;
  /**
   * One number a feature of the forest. Baseline and contributions, added in any order, give the prediction
   * exactly: all are whole multiples of the forest's quantum.
   */
  readonly contributions: Float64Array;
}

/**
 * Splits the prediction of one row over the features: on the way down a tree each split moves the mean from that of
 * the node to that of the child, and the move is the feature's (path decomposition, Palczewska et al. 2014, also
 * known by the name of Saabas).
 *
 * @throws ForestInputError if the matrix lacks a feature of the forest.
 */
export function explainRow(forest: Forest, matrix: FeatureMatrix, row: number): Explanation {
  const { nodes, values, treeOffsets, quantum } = forest;
  const columns = matchColumns(forest, matrix.featureNames);
  const finder = createLeafFinder(forest, 1);
  finder.encode(matrix, columns, row, row + 1);
  const chosen = allRows(1);
  const trees = treeCount(forest);
  const moves = new Float64Array(forest.featureNames.length);
  let sum = 0;
  let roots = 0;
  for (let tree = 0; tree < trees; tree++) {
    const root = treeOffsets[tree];
    const leaf = finder.find(tree, chosen, 1)[0];
    sum += values[root + leaf];
    roots += values[root];
    // From the leaf up: children have higher numbers than their parents, so one sweep finds the way.
    let child = leaf;
    for (let node = leaf - 1; node >= 0; node--) {
      const left = nodes[2 * (root + node)];
      if (left === node || (left !== child && left + 1 !== child)) continue;
      moves[nodes[2 * (root + node) + 1] >>> 17] += values[root + child] - values[root + node];
      child = node;
    }
  }
  const prediction = toGrid(sum / trees, quantum);
  const baseline = toGrid(roots / trees, quantum);
  const contributions = moves.map((move) => toGrid(move / trees, quantum));
  // Rounding each to the grid leaves a few quanta over: they go to the largest, where they matter least.
  let left = prediction - baseline;
  let largest = 0;
  contributions.forEach((contribution, feature) => {
    left -= contribution;
    if (Math.abs(contribution) > Math.abs(contributions[largest])) largest = feature;
  });
  if (contributions.length > 0) contributions[largest] += left;
  return { prediction, baseline, contributions };
}
