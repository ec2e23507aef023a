import { Random } from '../../random.ts';
import { bitsForCount, type TrainingSet } from '../binning/trainingSet.ts';
import { featureStream, type SplitEngine } from '../engine/splitEngine.ts';
import { pointsPerLeaf } from '../forest.ts';
import type { GrownTree } from '../packedTrees.ts';
import { type ForestParams, featuresPerNode } from '../params.ts';
import { featuresByName } from './featuresByName.ts';
import { NodeTable } from './nodeTable.ts';

/** Grows the trees of one forest, one after another, on one engine. */
export class TreeGrower {
  readonly #set: TrainingSet;
  readonly #params: ForestParams;
  readonly #engine: SplitEngine;
  readonly #table = new NodeTable();
  readonly #perNode: number;
  readonly #featureOrder: Uint32Array;
  readonly #draw: Uint32Array;

  constructor(set: TrainingSet, params: ForestParams, engine: SplitEngine) {
    this.#set = set;
    this.#params = params;
    this.#engine = engine;
    const { featureNames } = set.binned;
    this.#perNode = featuresPerNode(params.mtry, featureNames.length);
    this.#featureOrder = featuresByName(featureNames);
    this.#draw = new Uint32Array(featureNames.length);
  }

  /**
   * Grows tree number `tree`; the result depends on the training set, the parameters and this number alone.
   *
   * @param inBag if given, receives one bit a row: whether the tree has seen it.
   */
  grow(tree: number, inBag?: Uint8Array): GrownTree {
    const { maxDepth, minSamplesLeaf, minGain, seed } = this.#params;
    const engine = this.#engine;
    const table = this.#table;
    const { best } = engine;
    const random = new Random(seed, featureStream(tree));
    const bag = engine.fillBag(tree, inBag);
    const bagWeight = Math.floor(bag.pack / 2 ** bitsForCount(this.#set.binned.rows));
    // minGain is a threshold of the mean squared error over the tree's rows; here it is a sum, in squared target units.
    const leastGain = minGain * this.#set.scale * this.#set.scale * bagWeight;

    table.clear();
    table.open(0, bag.rows, bag.sum, bag.pack, 0);
    // Children stand right before their siblings on the stack: the left one is grown first.
    const open = [0];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const rows = table.rowsOf(node);
      const { start, end, depth, sum, pack } = rows;
      if (depth >= (maxDepth ?? Number.POSITIVE_INFINITY) || end - start < 2 * minSamplesLeaf) continue;
      this.#search(random, rows);
      if (best.feature < 0 || best.gain < leastGain * best.divisor) continue;
      const middle = engine.partition(start, end);
      const left = table.open(start, middle, best.sum, best.pack, depth + 1);
      const right = table.open(middle, end, sum - best.sum, pack - best.pack, depth + 1);
      table.split(node, left, best);
      open.push(right, left);
    }
    return this.#finish();
  }

  /** Looks at `mtry` features drawn for this node; draws more for as long as all of them were constant in it. */
  #search(random: Random, rows: ReturnType<NodeTable['rowsOf']>): void {
    const draw = this.#draw;
    const features = draw.length;
    const perNode = this.#perNode;
    this.#draw.set(this.#featureOrder);
    const pick = (drawn: number): void => {
      const picked = drawn + random.below(features - drawn);
      const feature = draw[picked];
      draw[picked] = draw[drawn];
      draw[drawn] = feature;
    };
    if (perNode < features) for (let drawn = 0; drawn < perNode; drawn++) pick(drawn);
    let varied = this.#engine.search(rows, draw, 0, perNode, true);
    for (let drawn = perNode; drawn < features && varied === 0; drawn++) {
      pick(drawn);
      varied = this.#engine.search(rows, draw, drawn, drawn + 1, false);
    }
  }

  /**
   * Computes the means and weights of all nodes: those of leaves from their rows, those of inner nodes from their
   * children.
   */
  #finish(): GrownTree {
    const table = this.#table;
    const { size } = table;
    const values = new Float64Array(size);
    const cover = new Float64Array(size);
    const leaves = (size + 1) / 2;
    const points = this.#params.leafQuantiles ? new Uint16Array(leaves * pointsPerLeaf) : undefined;
    let leaf = leaves;
    for (let node = size - 1; node >= 0; node--) {
      const left = table.leftOf(node);
      if (left === node) {
        leaf--;
        const { start, end } = table.rowsOf(node);
        const { sum, weight } = this.#engine.describeLeaf(start, end, points, leaf * pointsPerLeaf);
        cover[node] = weight;
        values[node] = sum / weight;
      } else {
        const leftCover = cover[left];
        const rightCover = cover[left + 1];
        cover[node] = leftCover + rightCover;
        values[node] = (leftCover * values[left] + rightCover * values[left + 1]) / (leftCover + rightCover);
      }
    }
    return { nodes: table.nodes(), values, cover, leafPoints: points };
  }
}
