import { sharedFloats } from '../sharedFloats.ts';
import type { BinnedMatrix } from './binning/binnedMatrix.ts';

/** One grown tree, in the layout of {@link PackedTrees} with child indices that count from the tree's own root. */
export interface GrownTree {
  readonly nodes: Uint32Array;
  readonly values: Float64Array;
  readonly cover: Float64Array;
  readonly leafPoints: Uint16Array | undefined;
}

/** The limit of a leaf, which no code exceeds. */
export const leafLimit = 0xffff;

/**
 * Trees and the thresholds that they share: what forests and boosters have in common. All arrays may be views on one
 * buffer, such as the image of a model file.
 *
 * Node `n` takes two words of `nodes`. The first is the index of its left child; the right child follows the
 * left one. The second holds, from the high bits down, the feature (15 bits), whether missing values go left
 * (1 bit) and the limit (16 bits). With `m` 1 where missing values go left and 0 otherwise, a row with bin code
 * `c` of the feature goes left if `(c + m) mod 2^codeBits <= limit`: the missing code, all ones, wraps to zero.
 * A leaf is its own left child, with a limit that no code exceeds.
 */
export interface PackedTrees {
  readonly featureNames: readonly string[];
  /** Thresholds of all features, one feature after another, ascending within each. */
  readonly edges: Float64Array;
  /** Feature `j` owns `edges[edgeOffsets[j]]` up to, not including, `edges[edgeOffsets[j + 1]]`. */
  readonly edgeOffsets: Uint32Array;
  /** First node of each tree, and the number of nodes after the last. Child indices count from the tree's root. */
  readonly treeOffsets: Uint32Array;
  readonly nodes: Uint32Array;
  /** The value that the tree gives to a row that ends in the node; inner nodes have one as well. */
  readonly values: Float64Array;
  /** Weight of the training rows in each node: how many there are, repeats counted, where all weigh the same. */
  readonly cover: Float64Array;
}

/** Number of trees. */
export function treeCount(trees: PackedTrees): number {
  return trees.treeOffsets.length - 1;
}

/** The thresholds of one feature, as a view. */
export function edgesOf(trees: PackedTrees, feature: number): Float64Array {
  return trees.edges.subarray(trees.edgeOffsets[feature], trees.edgeOffsets[feature + 1]);
}

/** The code of a missing value in these trees: 255 if bin codes fit a byte, else 65535. */
export function missingCodeOf(trees: PackedTrees): number {
  for (let feature = 0; feature < trees.featureNames.length; feature++) {
    if (trees.edgeOffsets[feature + 1] - trees.edgeOffsets[feature] > 254) return 65_535;
  }
  return 255;
}

function sharedWords(length: number): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

/**
 * Joins trees into one set of arrays, on shared buffers.
 *
 * @param binned the matrix that the trees were grown on.
 * @param trees in the order of their numbers.
 */
export function packTrees({ featureNames, edges }: BinnedMatrix, trees: readonly GrownTree[]): PackedTrees {
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
  return { featureNames, edges: allEdges, edgeOffsets, treeOffsets, nodes, values, cover };
}
