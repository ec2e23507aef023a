import type { FeatureMatrix } from '../features/matrix.ts';
import type { BinnedMatrix } from './binnedMatrix.ts';
import {
  allocateBlock,
  blockRows,
  type CodeBlock,
  copyBlock,
  encodeBlock,
  matchColumns,
} from './codeBlock.ts';
import { findLeaves } from './findLeaves.ts';
import { type Forest, treeCount } from './forest.ts';

/** Rounds a mean to the grid of predictions, a power of two. */
export function toGrid(value: number, quantum: number): number {
  return Math.round(value / quantum) * quantum;
}

/** Where the codes of each row of a block begin. */
export function blockStarts(rows: number, stride: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row * stride);
}

/**
 * Predictions of a forest: for each row the mean over the trees, to the forest's `quantum`. Rows go in blocks
 * and trees outside, so that a tree stays in the cache while a block of rows passes.
 *
 * @param from first row of `matrix` to predict. @param to the row after the last.
 * @param predictions receives one number a row, from index 0 on.
 * @throws ForestInputError if the matrix lacks a feature of the forest.
 */
export function predictRows(
  forest: Forest,
  matrix: FeatureMatrix,
  from: number,
  to: number,
  predictions: Float64Array,
): void {
  const columns = matchColumns(forest, matrix.featureNames);
  const block = allocateBlock(forest, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    encodeBlock(forest, matrix, columns, first, last, block);
    predictBlock(forest, block, last - first, predictions.subarray(first - from, last - from));
  });
}

/** As {@link predictRows}, from a matrix that was binned with the edges of the forest. */
export function predictBinnedRows(
  forest: Forest,
  binned: BinnedMatrix,
  from: number,
  to: number,
  predictions: Float64Array,
): void {
  const block = allocateBlock(forest, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    copyBlock(binned, first, last, block);
    predictBlock(forest, block, last - first, predictions.subarray(first - from, last - from));
  });
}

/** Calls `visit` with the bounds of each block of rows. */
export function inBlocks(from: number, to: number, visit: (first: number, last: number) => void): void {
  for (let first = from; first < to; first += blockRows) visit(first, Math.min(first + blockRows, to));
}

function predictBlock(forest: Forest, block: CodeBlock, rows: number, predictions: Float64Array): void {
  const starts = blockStarts(rows, forest.featureNames.length);
  const leaves = new Uint32Array(rows);
  const { values, quantum } = forest;
  const trees = treeCount(forest);
  predictions.fill(0);
  for (let tree = 0; tree < trees; tree++) {
    findLeaves(forest, tree, block, starts, rows, leaves);
    for (let i = 0; i < rows; i++) predictions[i] += values[leaves[i]];
  }
  for (let i = 0; i < rows; i++) predictions[i] = toGrid(predictions[i] / trees, quantum);
}
