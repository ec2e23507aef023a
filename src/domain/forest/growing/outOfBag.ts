import type { BinnedMatrix } from '../binning/binnedMatrix.ts';
import { type Forest, toGrid } from '../forest.ts';
import { treeCount } from '../packedTrees.ts';
import { blockRows, createLeafFinder } from '../predicting/leafFinder.ts';
import { inBlocks } from '../predicting/predict.ts';

/** Which rows each tree has seen: bit `row & 7` of byte `tree * bytesPerTree + (row >> 3)`. */
export interface BagBits {
  readonly bytesPerTree: number;
  readonly bits: Uint8Array<SharedArrayBuffer>;
}

/** Bits for `trees` trees and `rows` rows, all zero. */
export function allocateBagBits(trees: number, rows: number): BagBits {
  const bytesPerTree = Math.ceil(rows / 8);
  return { bytesPerTree, bits: new Uint8Array(new SharedArrayBuffer(trees * bytesPerTree)) };
}

/** The bits of one tree, as a view. */
export function bitsOfTree(bag: BagBits, tree: number): Uint8Array {
  return bag.bits.subarray(tree * bag.bytesPerTree, (tree + 1) * bag.bytesPerTree);
}

/**
 * For each training row the mean prediction of the trees that have not seen it; NaN if all have.
 *
 * @param from the first row. @param to the row after the last.
 * @param predictions receives one number a row, from index 0 on.
 */
export function predictOutOfBag(
  forest: Forest,
  binned: BinnedMatrix,
  bag: BagBits,
  from: number,
  to: number,
  predictions: Float64Array,
): void {
  const trees = treeCount(forest);
  const { values, quantum, treeOffsets } = forest;
  const finder = createLeafFinder(forest, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    const rows = last - first;
    finder.copy(binned, first, last);
    const unseenRows = new Uint32Array(rows);
    const votes = new Uint32Array(rows);
    const sums = predictions.subarray(first - from, last - from).fill(0);
    for (let tree = 0; tree < trees; tree++) {
      const bits = bitsOfTree(bag, tree);
      let unseen = 0;
      for (let i = 0; i < rows; i++) {
        const row = first + i;
        unseenRows[unseen] = i;
        unseen += 1 - ((bits[row >>> 3] >>> (row & 7)) & 1);
      }
      const leaves = finder.find(tree, unseenRows, unseen);
      for (let k = 0; k < unseen; k++) {
        const i = unseenRows[k];
        sums[i] += values[treeOffsets[tree] + leaves[k]];
        votes[i]++;
      }
    }
    for (let i = 0; i < rows; i++)
      sums[i] = votes[i] === 0 ? Number.NaN : toGrid(sums[i] / votes[i], quantum);
  });
}
