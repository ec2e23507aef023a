import type { FeatureMatrix } from '../../features/matrix.ts';
import { type Forest, toGrid } from '../forest.ts';
import { type PackedTrees, treeCount } from '../packedTrees.ts';
import { allRows, blockRows, createLeafFinder, type LeafFinder } from './leafFinder.ts';
import { matchColumns } from './matchColumns.ts';

/**
 * Predictions of a forest: for each row the mean over the trees, rounded to the forest's `quantum`. The rows of a block
 * go through one tree after another, so that a tree stays in the cache while they do.
 *
 * @param from the first row of `matrix` to predict. @param to the row after the last.
 * @param predictions receives one number a row, from index 0 on.
 * @throws ForestInputError if the matrix lacks a feature of the forest.
 */
export function predictRows(
  forest: Forest,
  matrix: FeatureMatrix,
  from: number,
  to: number,
  predictions: Float64Array,
  finderOf: (forest: Forest, rows: number) => LeafFinder = createLeafFinder,
): void {
  const { quantum } = forest;
  const trees = treeCount(forest);
  const columns = matchColumns(forest, matrix.featureNames);
  const finder = finderOf(forest, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    finder.encode(matrix, columns, first, last);
    const sums = predictions.subarray(first - from, last - from).fill(0);
    addLeafValues(forest, finder, sums);
    for (let i = 0; i < sums.length; i++) sums[i] = toGrid(sums[i] / trees, quantum);
  });
}

/** Calls `visit` with the bounds of each block of rows. */
export function inBlocks(from: number, to: number, visit: (first: number, last: number) => void): void {
  for (let first = from; first < to; first += blockRows) visit(first, Math.min(first + blockRows, to));
}

/** Adds the values of each row's leaves to its entry in `sums`, tree after tree. */
export function addLeafValues(trees: PackedTrees, finder: LeafFinder, sums: Float64Array): void {
  const { values, treeOffsets } = trees;
  const rows = sums.length;
  const chosen = allRows(rows);
  for (let tree = 0; tree < treeCount(trees); tree++) {
    const leaves = finder.find(tree, chosen, rows);
    const root = treeOffsets[tree];
    for (let i = 0; i < rows; i++) sums[i] += values[root + leaves[i]];
  }
}
