import type { BestSplit } from '../forest/engine/splitEngine.ts';
import { NodeTable } from '../forest/growing/nodeTable.ts';
import type { GrownTree } from '../forest/packedTrees.ts';
import type { BoostEngine } from './boostEngine.ts';
import type { BoostingParams } from './boostingParams.ts';
import { linkOf } from './link.ts';

/**
 * Longest step of a leaf on the scale of the logarithm, before the learning rate. At power 1.5 no step is longer
 * (without a penalty steps lie between -1 / (2 - p) and 1 / (p - 1)); towards 1 and 2 they would have no bound.
 */
const longestLogStep = 2;

/** A node that may be split: its best split, what that gains, and where its histograms stand. */
interface OpenNode {
  readonly node: number;
  readonly slot: number;
  readonly gain: number;
  readonly split: BestSplit;
}

/** Grows the trees of one booster, one after another, on one engine. */
export class BoostTreeGrower {
  readonly #params: BoostingParams;
  readonly #engine: BoostEngine;
  readonly #table = new NodeTable();
  readonly #hasFeatures: boolean;
  #open: OpenNode[] = [];

  constructor(featureCount: number, params: BoostingParams, engine: BoostEngine) {
    this.#hasFeatures = featureCount > 0;
    this.#params = params;
    this.#engine = engine;
  }

  /**
   * Grows tree number `tree`: depth by depth, or the best gain first where `maxLeaves` is set.
   *
   * @param negativeGradients, hessians as `BoostEngine.begin` takes them.
   */
  grow(tree: number, negativeGradients: Float64Array, hessians: Float64Array | undefined): GrownTree {
    const engine = this.#engine;
    const table = this.#table;
    const most = this.#params.maxLeaves ?? Number.POSITIVE_INFINITY;
    const bag = engine.begin(tree, negativeGradients, hessians);
    table.clear();
    table.open(0, bag.rows, bag.sum, bag.pack, 0);
    this.#open = [];
    if (this.#maySplit(0)) {
      const slot = engine.takeSlot();
      engine.fillSlot(slot, table.rowsOf(0));
      this.#consider(0, slot);
    }
    for (let leaves = 1; leaves < most && this.#open.length > 0; leaves++) {
      const { node, slot, split } = this.#takeNext();
      const { start, end, sum, pack, depth } = table.rowsOf(node);
      const middle = engine.partition(table.rowsOf(node), split);
      const left = table.open(start, middle, split.sum, split.pack, depth + 1);
      table.open(middle, end, sum - split.sum, pack - split.pack, depth + 1);
      table.split(node, left, split);
      if (leaves + 1 < most) this.#considerChildren(left, slot);
    }
    return this.#finish();
  }

  #maySplit(node: number): boolean {
    const { minSamplesLeaf, maxDepth } = this.#params;
    const { start, end, depth } = this.#table.rowsOf(node);
    return (
      this.#hasFeatures && end - start >= 2 * minSamplesLeaf && depth < (maxDepth ?? Number.POSITIVE_INFINITY)
    );
  }

  #sizeOf(node: number): number {
    const { start, end } = this.#table.rowsOf(node);
    return end - start;
  }

  /** Counts the smaller child's rows; the histograms of the larger are what is left of the parent's, in its place. */
  #considerChildren(left: number, parentSlot: number): void {
    const engine = this.#engine;
    const table = this.#table;
    const isLeftLarger = this.#sizeOf(left) > this.#sizeOf(left + 1);
    const [small, large] = isLeftLarger ? [left + 1, left] : [left, left + 1];
    if (!this.#maySplit(large)) {
      engine.releaseSlot(parentSlot);
      return;
    }
    if (!this.#maySplit(small)) {
      engine.removeRows(parentSlot, table.rowsOf(small));
      this.#consider(large, parentSlot);
      return;
    }
    const slot = engine.takeSlot();
    engine.fillSlot(slot, table.rowsOf(small));
    engine.subtractSlot(parentSlot, slot);
    this.#consider(large, parentSlot);
    this.#consider(small, slot);
  }

  /** Searches a node; keeps it among the open ones if a split gains enough. */
  #consider(node: number, slot: number): void {
    const engine = this.#engine;
    const rows = this.#table.rowsOf(node);
    engine.search(slot, rows);
    const { best } = engine;
    const gain = best.feature < 0 ? 0 : this.#gainOf(best, rows.sum, engine.weightOf(rows.pack));
    if (gain > this.#params.minGain) this.#open.push({ node, slot, gain, split: { ...best } });
    else engine.releaseSlot(slot);
  }

  /** By how much a split lowers the halved loss. The part that all splits of the node share may be a loss. */
  #gainOf({ gain, divisor }: BestSplit, sum: number, weight: number): number {
    const { gradientStep, hessianStep } = this.#engine;
    const penalty = this.#params.l2 / hessianStep;
    const shared = penalty === 0 ? 0 : ((sum / (weight + penalty)) * sum * penalty) / (weight + 2 * penalty);
    return 0.5 * (gain / divisor - shared) * gradientStep * (gradientStep / hessianStep);
  }

  /** The node to split next: the last one, the smaller of two children; with `maxLeaves` the one that gains most. */
  #takeNext(): OpenNode {
    const open = this.#open;
    if (this.#params.maxLeaves === null) return open.pop()!;
    let best = 0;
    for (let index = 1; index < open.length; index++) {
      const { gain, node } = open[index];
      if (gain > open[best].gain || (gain === open[best].gain && node < open[best].node)) best = index;
    }
    return open.splice(best, 1)[0];
  }

  /** Newton steps of all nodes, times the learning rate; inner nodes too, so that predictions can be explained. */
  #finish(): GrownTree {
    const table = this.#table;
    const { size } = table;
    const values = new Float64Array(size);
    const cover = new Float64Array(size);
    for (let node = 0; node < size; node++) {
      const { sum, pack } = table.rowsOf(node);
      const weight = this.#engine.weightOf(pack);
      cover[node] = weight * this.#engine.hessianStep;
      values[node] = this.#stepOf(sum, weight);
    }
    return { nodes: table.nodes(), values, cover, leafPoints: undefined };
  }

  #stepOf(sum: number, weight: number): number {
    const { gradientStep, hessianStep } = this.#engine;
    const { l2, learningRate } = this.#params;
    const divisor = weight + l2 / hessianStep;
    if (divisor === 0) return 0;
    const step = (sum / divisor) * (gradientStep / hessianStep);
    const longest = linkOf(this.#params) === 'log' ? longestLogStep : Number.POSITIVE_INFINITY;
    return learningRate * Math.max(-longest, Math.min(longest, step));
  }

  /** Adds the last tree's answers to the scores of the rows that it was grown on. */
  addToScores({ values }: GrownTree, scores: Float64Array): void {
    const table = this.#table;
    for (let node = 0; node < table.size; node++) {
      if (table.leftOf(node) === node) this.#engine.addToScores(table.rowsOf(node), values[node], scores);
    }
  }
}
