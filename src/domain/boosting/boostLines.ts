import { type LinearLeaves, ridgeOf, SHRINKAGE_ROWS } from '../forest/growing/linearLeaves.ts';
import type { GrownTree } from '../forest/packedTrees.ts';
import { sharedFloats } from '../sharedFloats.ts';

/** The lines of one tree's leaves, one slope and one shift a node: see `LinearLeaves`. */
export interface TreeLines {
  readonly slopes: Float64Array;
  readonly shifts: Float64Array;
}

/** Finds the lines of the leaves of boosted trees, one tree after another. */
export class LineFitter {
  readonly #regressor: Float64Array;
  readonly #learningRate: number;
  /** Whether the regressor is the same for all rows, so that every leaf is flat. */
  readonly #isFlat: boolean;

  /** @param regressor one finite number a training row. */
  constructor(regressor: Float64Array, learningRate: number) {
    this.#regressor = regressor;
    this.#learningRate = learningRate;
    this.#isFlat = ridgeOf(regressor) === Number.POSITIVE_INFINITY;
  }

  /**
   * For each leaf one Newton step in the slope of its line, beside the step that the tree itself takes in the height of
   * the leaf. The line turns around the mean of the leaf's regressor, in which each row counts by its hessian.
   *
   * @param leaves the leaf of each training row.
   * @param negativeGradients of the loss, one number a training row. @param hessians likewise; undefined where all are 1.
   */
  linesOf(
    tree: GrownTree,
    leaves: Uint32Array,
    negativeGradients: Float64Array,
    hessians: Float64Array | undefined,
  ): TreeLines {
    const size = tree.values.length;
    if (this.#isFlat) return { slopes: new Float64Array(size), shifts: new Float64Array(size) };
    const z = this.#regressor;
    const [g, gz, h, hz, hzz] = Array.from({ length: 5 }, () => new Float64Array(size));
    let [allH, allHz, allHzz] = [0, 0, 0];
    for (let row = 0; row < leaves.length; row++) {
      const node = leaves[row];
      const hessian = hessians === undefined ? 1 : hessians[row];
      const weighted = hessian * z[row];
      g[node] += negativeGradients[row];
      gz[node] += negativeGradients[row] * z[row];
      h[node] += hessian;
      hz[node] += weighted;
      hzz[node] += weighted * z[row];
      allH += hessian;
      allHz += weighted;
      allHzz += weighted * z[row];
    }
    const ridge = allH > 0 ? (SHRINKAGE_ROWS * (allHzz - (allHz * allHz) / allH)) / leaves.length : 0;
    const lines = { slopes: new Float64Array(size), shifts: new Float64Array(size) };
    for (let node = 0; node < size; node++) {
      if (!(h[node] > 0)) continue;
      const centre = hz[node] / h[node];
      const spread = Math.max(0, hzz[node] - hz[node] * centre) + ridge;
      if (!(spread > 0)) continue;
      lines.slopes[node] = (this.#learningRate * (gz[node] - centre * g[node])) / spread;
      lines.shifts[node] = lines.slopes[node] * centre;
    }
    return lines;
  }
}

/** Adds a tree to the scores of rows whose leaves are known: its values and, where it has lines, those. */
export function addLeaves(
  { values }: GrownTree,
  lines: TreeLines,
  leaves: Uint32Array,
  regressor: Float64Array,
  scores: Float64Array,
): void {
  for (let row = 0; row < leaves.length; row++) {
    const node = leaves[row];
    scores[row] += values[node] + lines.slopes[node] * regressor[row] - lines.shifts[node];
  }
}

/** The lines of all trees behind each other, as their nodes are packed. */
export function packLines(trees: readonly TreeLines[]): LinearLeaves {
  const size = trees.reduce((sum, { slopes }) => sum + slopes.length, 0);
  const packed = { slopes: sharedFloats(size), shifts: sharedFloats(size) };
  let at = 0;
  for (const { slopes, shifts } of trees) {
    packed.slopes.set(slopes, at);
    packed.shifts.set(shifts, at);
    at += slopes.length;
  }
  return packed;
}
