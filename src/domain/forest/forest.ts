import type { ForestParams } from './params.ts';

/** One grown tree, in the layout of {@link Forest} with child indices that count from the tree's own root. */
export interface GrownTree {
  readonly nodes: Uint32Array;
  readonly values: Float64Array;
  readonly cover: Float64Array;
  readonly leafPoints: Uint16Array | undefined;
}

/** The limit of a leaf: no code exceeds it. */
export const leafLimit = 0xffff;

/** Numbers of a summary that stands for one leaf's training targets: its 1/16, 3/16, ... 15/16 quantiles. */
export const pointsPerLeaf = 8;

/**
 * A trained forest. All arrays may be views on one buffer, such as the image of a model file.
 *
 * Node `n` takes two words of `nodes`. The first is the index of its left child; the right child follows the
 * left one. The second holds, from the high bits down, the feature (15 bits), whether missing values go left
 * (1 bit) and the limit (16 bits). With `m` 1 where missing values go left and 0 otherwise, a row with bin code
 * `c` of the feature goes left if `(c + m) mod 2^codeBits <= limit`: the missing code, all ones, wraps to zero.
 * A leaf is its own left child, with a limit that no code exceeds.
 */
export interface Forest {
  readonly featureNames: readonly string[];
  readonly params: ForestParams;
  /** Rows of the training matrix. */
  readonly trainingRows: number;
  /** Predictions are whole multiples of this power of two, so that contributions add up to them exactly. */
  readonly quantum: number;
  /** Thresholds of all features, one feature after another, ascending within each. */
  readonly edges: Float64Array;
  /** Feature `j` owns `edges[edgeOffsets[j]]` up to, not including, `edges[edgeOffsets[j + 1]]`. */
  readonly edgeOffsets: Uint32Array;
  /** First node of each tree, and the number of nodes after the last. Child indices count from the tree's root. */
  readonly treeOffsets: Uint32Array;
  readonly nodes: Uint32Array;
  /** Weighted mean of the training targets in each node, inner nodes too. */
  readonly values: Float64Array;
  /** Weight of the training rows in each node: how many there are, repeats counted, where all weigh the same. */
  readonly cover: Float64Array;
  /** What quantiles are predicted from; undefined if the forest was trained without. */
  readonly leafQuantiles: LeafQuantiles | undefined;
  /** What the caller wants kept with the model: a JSON object. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface LeafQuantiles {
  /** Ascending target values that `points` refers to. */
  readonly targets: Float64Array;
  /** {@link pointsPerLeaf} indices into `targets` for each leaf, leaves in the order of their nodes. */
  readonly points: Uint16Array;
}

/** Number of trees. */
export function treeCount(forest: Forest): number {
  return forest.treeOffsets.length - 1;
}

/** The thresholds of one feature, as a view. */
export function edgesOf(forest: Forest, feature: number): Float64Array {
  return forest.edges.subarray(forest.edgeOffsets[feature], forest.edgeOffsets[feature + 1]);
}

/** The code of a missing value in this forest: 255 if bin codes fit a byte, else 65535. */
export function missingCodeOf(forest: Forest): number {
  for (let feature = 0; feature < forest.featureNames.length; feature++) {
    if (forest.edgeOffsets[feature + 1] - forest.edgeOffsets[feature] > 254) return 65_535;
  }
  return 255;
}

/** The grid of predictions: 49 bits for the largest target, which leaves 4 bits for sums on the way. */
export function quantumFor(largestMagnitude: number): number {
  return largestMagnitude === 0 ? 1 : 2 ** (Math.ceil(Math.log2(largestMagnitude)) - 49);
}

/** Rounds to the grid of predictions, a power of two. */
export function toGrid(value: number, quantum: number): number {
  return Math.round(value / quantum) * quantum;
}
