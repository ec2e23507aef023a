import type { FeatureMatrix } from '../../features/matrix.ts';
import { sharedFloats } from '../../sharedFloats.ts';
import type { BinnedMatrix } from '../binning/binnedMatrix.ts';
import { type Forest, toGrid } from '../forest.ts';
import { treeCount } from '../packedTrees.ts';
import { allRows, blockRows, createLeafFinder } from '../predicting/leafFinder.ts';
import { matchColumns } from '../predicting/matchColumns.ts';
import { inBlocks } from '../predicting/predict.ts';

/**
 * Leaves that predict by a line instead of a number: a leaf gives a row with regressor `z` the value
 * `value + slope * z - shift` (linear model trees, Quinlan 1992). If `z` is a forecast without an upper limit, the
 * predictions have none either.
 */
export interface LinearLeaves {
  /** One a node of the forest, 0 for inner nodes. */
  readonly slopes: Float64Array<SharedArrayBuffer>;
  readonly shifts: Float64Array<SharedArrayBuffer>;
}

/**
 * Each slope is shrunk as if its leaf held this many more rows, spread like all rows and without any slope (ridge
 * regression). So leaves whose rows are much alike get hardly any slope, and those of the largest customers keep
 * theirs.
 */
export const SHRINKAGE_ROWS = 3;

/** Room for the lines of a forest's leaves, all of them flat at first. */
export function allocateLinearLeaves(forest: Forest): LinearLeaves {
  return { slopes: sharedFloats(forest.values.length), shifts: sharedFloats(forest.values.length) };
}

/**
 * Fits the lines of the leaves of trees `from` up to, not including, `to`, by least squares with slopes shrunk towards
 * 0, over all rows that end in the leaf, whether or not the tree was grown on them.
 *
 * @param binned the matrix that the forest was grown on.
 * @param target, regressor one finite number a row.
 * @param leaves receives slopes and shifts at the nodes of these trees.
 */
export function fitLinearLeaves(
  forest: Forest,
  binned: BinnedMatrix,
  target: Float64Array,
  regressor: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
  leaves: LinearLeaves,
): void {
  const { rows } = binned;
  const { treeOffsets, values } = forest;
  const start = treeOffsets[from];
  const sums = new LeafSums(treeOffsets[to] - start);
  // All rows go through one tree before the next, so that the sums of its leaves stay in the cache.
  const finder = createLeafFinder(forest, rows);
  finder.copy(binned, 0, rows);
  const all = allRows(rows);
  for (let tree = from; tree < to; tree++)
    sums.addAll(treeOffsets[tree] - start, finder.find(tree, all, rows), regressor, target);
  const ridge = ridgeOf(regressor);
  for (let node = 0; node < sums.size; node++) {
    const line = sums.lineOf(node, ridge);
    if (line === null) continue;
    leaves.slopes[start + node] = line.slope;
    // The line passes through the means of all rows in the leaf; the forest's own value is the mean of those in the
    // bag.
    leaves.shifts[start + node] = values[start + node] - line.intercept;
  }
}

/**
 * Predictions of a forest whose leaves are lines: as `predictRows` for a forest whose leaves are numbers.
 *
 * @param regressor one number a row of `matrix`.
 * @param predictions receives one number a row, from index 0 on.
 * @throws ForestInputError if the matrix lacks a feature of the forest.
 */
export function predictLinearRows(
  forest: Forest,
  { slopes, shifts }: LinearLeaves,
  matrix: FeatureMatrix,
  regressor: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
  predictions: Float64Array,
): void {
  const { values, treeOffsets, quantum } = forest;
  const trees = treeCount(forest);
  const columns = matchColumns(forest, matrix.featureNames);
  const finder = createLeafFinder(forest, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    finder.encode(matrix, columns, first, last);
    const chosen = allRows(last - first);
    const sums = predictions.subarray(first - from, last - from).fill(0);
    for (let tree = 0; tree < trees; tree++) {
      const leaves = finder.find(tree, chosen, sums.length);
      for (let i = 0; i < sums.length; i++) {
        const node = treeOffsets[tree] + leaves[i];
        sums[i] += values[node] + slopes[node] * regressor[first + i] - shifts[node];
      }
    }
    for (let i = 0; i < sums.length; i++) sums[i] = toGrid(sums[i] / trees, quantum);
  });
}

/** Whether there is one line for each node of the forest. */
export function fitsForest({ slopes, shifts }: LinearLeaves, forest: Forest): boolean {
  const nodes = forest.values.length;
  return slopes.length === nodes && shifts.length === nodes;
}

/** The numbers of each node in `LeafSums`: rows, and the sums of z, y, zz and zy over them. */
const SUMS = 5;

/** Sums over the rows of each node, side by side: a row reads and writes one place in memory. */
class LeafSums {
  readonly size: number;
  readonly #sums: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#sums = new Float64Array(SUMS * size);
  }

  /** Adds every row to the node that it ended in. @param root the node that `leaves` are counted from. */
  addAll(root: number, leaves: Uint32Array, regressor: Float64Array, target: Float64Array): void {
    const sums = this.#sums;
    for (let row = 0; row < target.length; row++) {
      const at = SUMS * (root + leaves[row]);
      const [z, y] = [regressor[row], target[row]];
      sums[at]++;
      sums[at + 1] += z;
      sums[at + 2] += y;
      sums[at + 3] += z * z;
      sums[at + 4] += z * y;
    }
  }

  /** The line of a node; null where no row ends in it. */
  lineOf(node: number, ridge: number): { slope: number; intercept: number } | null {
    const [rows, z, y, zz, zy] = this.#sums.subarray(SUMS * node, SUMS * (node + 1));
    if (rows === 0) return null;
    const [meanZ, meanY] = [z / rows, y / rows];
    const spread = Math.max(0, zz - rows * meanZ * meanZ);
    const slope = spread + ridge > 0 ? (zy - rows * meanZ * meanY) / (spread + ridge) : 0;
    return { slope, intercept: meanY - slope * meanZ };
  }
}

/** Values that differ by less than this share of the largest do so by rounding. */
const LEAST_SPREAD = 1e-6;

/**
 * What shrinks the slopes: the spread of as many more rows. Infinite where the regressor is the same for all rows but for
 * rounding, so that every leaf is flat.
 */
export function ridgeOf(regressor: Float64Array): number {
  const mean = regressor.reduce((sum, value) => sum + value, 0) / regressor.length;
  const variance = regressor.reduce((sum, value) => sum + (value - mean) ** 2, 0) / regressor.length;
  const largest = regressor.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return variance > (LEAST_SPREAD * largest) ** 2 ? SHRINKAGE_ROWS * variance : Number.POSITIVE_INFINITY;
}
