import type { TrainingSet } from '../binning/trainingSet.ts';
import type { ForestParams } from '../params.ts';

/** The rows of a node: places in the list of the tree's rows, from `start` up to, not including, `end`. */
export interface NodeRows {
  readonly start: number;
  readonly end: number;
  /** Sum of the target units over these rows. */
  readonly sum: number;
  /** Weight units times the engine's count step, plus the number of different rows. */
  readonly pack: number;
  /** Splits above this node. */
  readonly depth: number;
  /** Rows of the other child of the same parent; empty for the root. */
  readonly siblingStart: number;
  readonly siblingEnd: number;
}

/** The best split of the last node searched. */
export interface BestSplit {
  /** -1 if no split lowers the squared error and leaves enough rows on both sides. */
  feature: number;
  /** Bins up to this one go left. */
  bin: number;
  /** 1 if missing values go left, else 0. */
  missingLeft: number;
  /** The split lowers the sum of squared errors by `gain / divisor`, in squared units. */
  gain: number;
  divisor: number;
  /** Sum and pack of the left side. */
  sum: number;
  pack: number;
}

/** The best split before a search. */
export function noSplit(): BestSplit {
  return { feature: -1, bin: 0, missingLeft: 0, gain: 0, divisor: 1, sum: 0, pack: 0 };
}

/** Sums over the rows of a bag or a leaf. */
export interface Totals {
  rows: number;
  sum: number;
  pack: number;
}

/**
 * The arithmetic of growing one tree after another on one training set. There are two engines, which agree to the last
 * bit: {@link PlainEngine} shows in plain TypeScript what is to be computed, {@link KernelEngine} does it fast.
 *
 * Rows start in the order of their targets, and partitions are stable, so the targets of every node are sorted.
 */
export interface SplitEngine {
  readonly best: BestSplit;

  /**
   * Draws the rows of a tree and lists them.
   *
   * @param inBag if given, receives one bit a row: whether it was drawn.
   */
  fillBag(tree: number, inBag: Uint8Array | undefined): Totals;

  /**
   * Looks for the best split of a node by the features `draw[from]` up to, not including, `draw[to]`.
   *
   * @param isFirst true to begin the search of a node, false to go on with it.
   * @returns how many of these features take more than one value in the node.
   */
  search(rows: NodeRows, draw: Uint32Array, from: number, to: number, isFirst: boolean): number;

  /**
   * Moves the rows of the left side of the best split before those of the right. Returns where the right side starts.
   */
  partition(start: number, end: number): number;

  /**
   * Sums up the targets of a leaf, and finds quantiles of them.
   *
   * @param points receives {@link pointsPerLeaf} target codes from index `at` on; undefined for none.
   * @returns weighted sum and weight of the targets.
   */
  describeLeaf(
    start: number,
    end: number,
    points: Uint16Array | undefined,
    at: number,
  ): { readonly sum: number; readonly weight: number };
}

/** How an engine is made. */
export type CreateEngine = (set: TrainingSet, params: ForestParams) => SplitEngine;

/** A split counts only if its left sum differs from its share of the node's sum by more than rounding could cause. */
export const roundingShare = 1e-12;

/** Each tree has two streams of random numbers: this one for its bag, the other for the features of its nodes. */
export function bagStream(tree: number): number {
  return 2 * tree;
}

/**
 * The random stream that a tree draws its features from, apart from the one for its rows. @param tree the tree's
 * number.
 */
export function featureStream(tree: number): number {
  return 2 * tree + 1;
}
