import type { PackedTrees } from './packedTrees.ts';
import type { ForestParams } from './params.ts';

/** How many numbers sum up the training targets of a leaf: their quantiles at 1/16, 3/16, ... 15/16. */
export const pointsPerLeaf = 8;

/** A trained forest. Its values are weighted means of the training targets, in inner nodes as well. */
export interface Forest extends PackedTrees {
  readonly params: ForestParams;
  /** Rows of the training matrix. */
  readonly trainingRows: number;
  /** Predictions are whole multiples of this power of two, so that contributions add up to them exactly. */
  readonly quantum: number;
  /** What quantiles are predicted from; undefined if the forest was trained without. */
  readonly leafQuantiles: LeafQuantiles | undefined;
  /** What the caller wants kept with the model: a JSON object. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A summary of the training targets in every leaf, which quantiles are predicted from. */
export interface LeafQuantiles {
  /** Ascending target values that `points` refers to. */
  readonly targets: Float64Array;
  /** {@link pointsPerLeaf} indices into `targets` for each leaf, leaves in the order of their nodes. */
  readonly points: Uint16Array;
}

/** The step of the grid of predictions: 49 bits for the largest target, which leaves 4 of a Float64's 53 for sums. */
export function quantumFor(largestMagnitude: number): number {
  if (largestMagnitude === 0) return 1;
  // The smallest numbers that a Float64 holds are a grid themselves.
  return Math.max(Number.MIN_VALUE, 2 ** (Math.ceil(Math.log2(largestMagnitude)) - 49));
}

/** Rounds to the grid of predictions, a power of two. */
export function toGrid(value: number, quantum: number): number {
  return Math.round(value / quantum) * quantum;
}
