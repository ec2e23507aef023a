import { Random } from '../random.ts';
import { drawBag } from './bag.ts';
import { missingCode } from './binnedMatrix.ts';
import type { GrownTree } from './forest.ts';
import { type ForestParams, featuresPerNode } from './params.ts';
import { bitsForCount, type TrainingSet } from './trainingSet.ts';

/** A split must move the left sum away from what chance gives by more than rounding can. */
const roundingShare = 1e-12;

const leafWord = 0xffff;

/**
 * Grows trees on one training set. Holds the working memory, so that growing allocates only what it returns.
 *
 * Per bin the histogram holds two numbers: the sum of target units, and the weight units times 2^`countBits`
 * plus the number of different rows. Both are whole and below 2^53, so they add exactly.
 */
export class TreeGrower {
  readonly #set: TrainingSet;
  readonly #params: ForestParams;
  readonly #perNode: number;
  readonly #countStep: number;
  readonly #featureOrder: Uint32Array;
  readonly #bag: Uint16Array;
  readonly #rows: Uint32Array;
  readonly #sums: Float64Array;
  readonly #packs: Float64Array;
  readonly #spareRows: Uint32Array;
  readonly #spareSums: Float64Array;
  readonly #sparePacks: Float64Array;
  readonly #histogram = new Float64Array(512);
  readonly #draw: Uint32Array;

  // The best split of the node at hand.
  #bestFeature = -1;
  #bestBin = 0;
  #bestMissingLeft = 0;
  #bestGain = 0;
  #bestDivisor = 1;
  #bestSum = 0;
  #bestPack = 0;

  constructor(set: TrainingSet, params: ForestParams) {
    this.#set = set;
    this.#params = params;
    const { rows, featureNames } = set.binned;
    this.#perNode = featuresPerNode(params.mtry, featureNames.length);
    this.#countStep = 2 ** bitsForCount(rows);
    // Features are drawn by the rank of their names, so that the order of columns changes nothing but numbers.
    this.#featureOrder = Uint32Array.from(featureNames.keys()).sort((a, b) =>
      featureNames[a] < featureNames[b] ? -1 : 1,
    );
    this.#draw = new Uint32Array(featureNames.length);
    this.#bag = new Uint16Array(rows);
    this.#rows = new Uint32Array(rows);
    this.#sums = new Float64Array(rows);
    this.#packs = new Float64Array(rows);
    this.#spareRows = new Uint32Array(rows);
    this.#spareSums = new Float64Array(rows);
    this.#sparePacks = new Float64Array(rows);
  }

  /**
   * Grows tree number `tree`; the result depends on the training set, the parameters and this number alone.
   *
   * @param inBag if given, receives one bit a row: whether the tree has seen it.
   */
  grow(tree: number, inBag?: Uint8Array): GrownTree {
    const random = new Random(this.#params.seed, tree);
    const bagged = this.#fillBag(random, inBag);
    const countStep = this.#countStep;
    const maxDepth = this.#params.maxDepth ?? Infinity;
    const minLeaf = this.#params.minSamplesLeaf;
    const minGain = this.#params.minGain;

    const nodes: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    const open = (start: number, end: number): number => {
      const node = starts.length;
      nodes.push(node, leafWord);
      starts.push(start);
      ends.push(end);
      return node;
    };
    let totalSum = 0;
    let totalPack = 0;
    for (let i = 0; i < bagged; i++) {
      totalSum += this.#sums[i];
      totalPack += this.#packs[i];
    }
    const totalWeight = Math.floor(totalPack / countStep);
    const gainUnit = this.#set.scale * this.#set.scale * totalWeight;

    this.#draw.set(this.#featureOrder);
    const stack: { node: number; depth: number; sum: number; pack: number }[] = [
      { node: open(0, bagged), depth: 0, sum: totalSum, pack: totalPack },
    ];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      const { node, depth, sum, pack } = item;
      const start = starts[node];
      const end = ends[node];
      if (depth >= maxDepth || end - start < 2 * minLeaf) continue;
      this.#findSplit(random, start, end, sum, pack);
      if (this.#bestFeature < 0) continue;
      if (minGain > 0 && this.#bestGain / this.#bestDivisor < minGain * gainUnit) continue;
      const middle = this.#partition(start, end);
      const left = open(start, middle);
      const right = open(middle, end);
      nodes[2 * node] = left;
      nodes[2 * node + 1] =
        this.#bestFeature * 0x20000 + this.#bestMissingLeft * 0x10000 + this.#bestBin + this.#bestMissingLeft;
      stack.push({ node: right, depth: depth + 1, sum: sum - this.#bestSum, pack: pack - this.#bestPack });
      stack.push({ node: left, depth: depth + 1, sum: this.#bestSum, pack: this.#bestPack });
    }
    return this.#finish(nodes, starts, ends);
  }

  #fillBag(random: Random, inBag: Uint8Array | undefined): number {
    const { units, weightUnits } = this.#set;
    const bag = this.#bag;
    drawBag(random, this.#params, bag);
    // Where every row drawn weighs nothing there is nothing to learn from: such a tree sees all rows.
    if (weightUnits !== undefined && !bag.some((count, row) => count * weightUnits[row] > 0)) bag.fill(1);
    let bagged = 0;
    for (let row = 0; row < bag.length; row++) {
      if (bag[row] === 0) continue;
      if (inBag !== undefined) inBag[row >>> 3] |= 1 << (row & 7);
      const weight = bag[row] * (weightUnits === undefined ? 1 : weightUnits[row]);
      if (weight === 0) continue;
      this.#rows[bagged] = row;
      this.#sums[bagged] = weight * units[row];
      this.#packs[bagged] = weight * this.#countStep + 1;
      bagged++;
    }
    return bagged;
  }

  /** Looks at `mtry` features drawn for this node, and on while all of them were constant in it. */
  #findSplit(random: Random, start: number, end: number, sum: number, pack: number): void {
    this.#bestFeature = -1;
    this.#bestGain = 0;
    this.#bestDivisor = 1;
    const draw = this.#draw;
    const features = draw.length;
    draw.set(this.#featureOrder);
    let varied = 0;
    for (let drawn = 0; drawn < features && (drawn < this.#perNode || varied === 0); drawn++) {
      if (this.#perNode < features) {
        const pick = drawn + random.below(features - drawn);
        const feature = draw[pick];
        draw[pick] = draw[drawn];
        draw[drawn] = feature;
      }
      if (this.#searchFeature(draw[drawn], start, end, sum, pack)) varied++;
    }
  }

  /** Whether the feature takes more than one bin in the node; its best split is kept if it is the best so far. */
  #searchFeature(feature: number, start: number, end: number, sum: number, pack: number): boolean {
    const { codes, rows: allRows, edges } = this.#set.binned;
    const histogram = this.#histogram;
    const rows = this.#rows;
    const sums = this.#sums;
    const packs = this.#packs;
    const column = feature * allRows;
    const bins = edges[feature].length + 1;
    histogram.fill(0, 0, 2 * bins);
    histogram[2 * missingCode] = 0;
    histogram[2 * missingCode + 1] = 0;
    for (let i = start; i < end; i++) {
      const slot = 2 * codes[column + rows[i]];
      histogram[slot] += sums[i];
      histogram[slot + 1] += packs[i];
    }
    const missingSum = histogram[2 * missingCode];
    const missingPack = histogram[2 * missingCode + 1];
    if (missingPack === pack) return false;
    const varies = this.#scan(feature, bins, 0, 0, 0, sum, pack);
    if (missingPack > 0) this.#scan(feature, bins, missingSum, missingPack, 1, sum, pack);
    return varies || missingPack > 0;
  }

  /** Tries every threshold of a filled histogram, the left side beginning with what is handed in. */
  #scan(
    feature: number,
    bins: number,
    firstSum: number,
    firstPack: number,
    missingLeft: number,
    sum: number,
    pack: number,
  ): boolean {
    const histogram = this.#histogram;
    const countStep = this.#countStep;
    const minLeaf = this.#params.minSamplesLeaf;
    const weight = Math.floor(pack / countStep);
    const count = pack - weight * countStep;
    const mean = sum / weight;
    const rounding = roundingShare * sum;
    let leftSum = firstSum;
    let leftPack = firstPack;
    let occupied = 0;
    for (let bin = 0; bin < bins; bin++) {
      const binPack = histogram[2 * bin + 1];
      if (binPack === 0) continue;
      occupied++;
      leftSum += histogram[2 * bin];
      leftPack += binPack;
      const leftWeight = Math.floor(leftPack / countStep);
      const leftCount = leftPack - leftWeight * countStep;
      if (leftCount < minLeaf) continue;
      if (count - leftCount < minLeaf) break;
      // Gain of a split, (S_L - W_L S/W)^2 W / (W_L W_R): the between-group sum of squares (Breiman et al. 1984, 8.3).
      const excess = leftSum - leftWeight * mean;
      if (Math.abs(excess) <= rounding) continue;
      const gain = excess * excess * weight;
      const divisor = leftWeight * (weight - leftWeight);
      if (gain * this.#bestDivisor > this.#bestGain * divisor) {
        this.#bestGain = gain;
        this.#bestDivisor = divisor;
        this.#bestFeature = feature;
        this.#bestBin = bin;
        this.#bestMissingLeft = missingLeft;
        this.#bestSum = leftSum;
        this.#bestPack = leftPack;
      }
    }
    return occupied > 1;
  }

  /** Brings the rows of the left side before those of the right, each side in its old order. Returns the border. */
  #partition(start: number, end: number): number {
    const { codes, rows: allRows } = this.#set.binned;
    const rows = this.#rows;
    const sums = this.#sums;
    const packs = this.#packs;
    const spareRows = this.#spareRows;
    const spareSums = this.#spareSums;
    const sparePacks = this.#sparePacks;
    const column = this.#bestFeature * allRows;
    const shift = this.#bestMissingLeft;
    const limit = this.#bestBin + shift;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const isRight = (limit - ((codes[column + row] + shift) & 0xff)) >>> 31;
      const sum = sums[i];
      const pack = packs[i];
      rows[left] = row;
      sums[left] = sum;
      packs[left] = pack;
      spareRows[right] = row;
      spareSums[right] = sum;
      sparePacks[right] = pack;
      left += 1 - isRight;
      right += isRight;
    }
    for (let i = 0; i < right; i++) {
      rows[left + i] = spareRows[i];
      sums[left + i] = spareSums[i];
      packs[left + i] = sparePacks[i];
    }
    return left;
  }

  /** Means and weights of all nodes: of leaves from their rows, of inner nodes from their children. */
  #finish(nodes: readonly number[], starts: readonly number[], ends: readonly number[]): GrownTree {
    const { target, weights } = this.#set;
    const bag = this.#bag;
    const rows = this.#rows;
    const size = starts.length;
    const values = new Float64Array(size);
    const cover = new Float64Array(size);
    for (let node = size - 1; node >= 0; node--) {
      const left = nodes[2 * node];
      if (left !== node) {
        const leftCover = cover[left];
        const rightCover = cover[left + 1];
        cover[node] = leftCover + rightCover;
        values[node] = (leftCover * values[left] + rightCover * values[left + 1]) / (leftCover + rightCover);
        continue;
      }
      let sum = 0;
      let weight = 0;
      for (let i = starts[node]; i < ends[node]; i++) {
        const row = rows[i];
        const share = weights === undefined ? bag[row] : bag[row] * weights[row];
        weight += share;
        sum += share * target[row];
      }
      cover[node] = weight;
      values[node] = sum / weight;
    }
    return { nodes: Uint32Array.from(nodes), values, cover, leafPoints: undefined };
  }
}
