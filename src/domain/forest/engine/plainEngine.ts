import { Random } from '../../random.ts';
import { missingCode } from '../binning/binnedMatrix.ts';
import { bitsForCount, type TrainingSet } from '../binning/trainingSet.ts';
import { pointsPerLeaf } from '../forest.ts';
import type { ForestParams } from '../params.ts';
import { drawBag } from './bag.ts';
import {
  type BestSplit,
  bagStream,
  type NodeRows,
  noSplit,
  roundingShare,
  type SplitEngine,
  type Totals,
} from './splitEngine.ts';

/**
 * The reference: one histogram after another in plain TypeScript.
 *
 * For each bin a histogram holds two numbers: the sum of target units, and the pack, which is the weight units times
 * 2^`bitsForCount(rows)` plus the number of different rows. Both are whole and below 2^53, so adding them is exact.
 */
export class PlainEngine implements SplitEngine {
  readonly best: BestSplit = noSplit();
  readonly #set: TrainingSet;
  readonly #params: ForestParams;
  readonly #countStep: number;
  readonly #bag: Uint16Array;
  readonly #rows: Uint32Array;
  readonly #spare: Uint32Array;
  readonly #sums: Float64Array;
  readonly #packs: Float64Array;
  readonly #histogram = new Float64Array(512);

  constructor(set: TrainingSet, params: ForestParams) {
    this.#set = set;
    this.#params = params;
    const { rows } = set.binned;
    this.#countStep = 2 ** bitsForCount(rows);
    this.#bag = new Uint16Array(rows);
    this.#rows = new Uint32Array(rows);
    this.#spare = new Uint32Array(rows);
    this.#sums = new Float64Array(rows);
    this.#packs = new Float64Array(rows);
  }

  fillBag(tree: number, inBag: Uint8Array | undefined): Totals {
    const { order, units, weightUnits } = this.#set;
    const bag = this.#bag;
    drawBag(new Random(this.#params.seed, bagStream(tree)), this.#params, bag);
    const weightOf = (rank: number): number => bag[rank] * (weightUnits?.[order[rank]] ?? 1);
    // If every row drawn has weight 0 there is nothing to learn from; such a tree sees all rows.
    if (bag.every((_, rank) => weightOf(rank) === 0)) bag.fill(1);
    inBag?.fill(0);
    const totals = { rows: 0, sum: 0, pack: 0 };
    for (let rank = 0; rank < order.length; rank++) {
      const row = order[rank];
      if (bag[rank] > 0 && inBag !== undefined) inBag[row >>> 3] |= 1 << (row & 7);
      const weight = weightOf(rank);
      if (weight === 0) continue;
      this.#rows[totals.rows++] = rank;
      this.#sums[rank] = weight * units[row];
      this.#packs[rank] = weight * this.#countStep + 1;
      totals.sum += this.#sums[rank];
      totals.pack += this.#packs[rank];
    }
    return totals;
  }

  search(rows: NodeRows, draw: Uint32Array, from: number, to: number, isFirst: boolean): number {
    if (isFirst) Object.assign(this.best, { feature: -1, gain: 0, divisor: 1 });
    let varied = 0;
    for (let drawn = from; drawn < to; drawn++) if (this.#searchFeature(draw[drawn], rows)) varied++;
    return varied;
  }

  /**
   * Keeps the feature's best split if it is the best so far. Returns whether the feature has more than one bin in the
   * node.
   */
  #searchFeature(feature: number, { start, end, pack, sum }: NodeRows): boolean {
    const { binned, order } = this.#set;
    const column = feature * binned.rows;
    const histogram = this.#histogram.fill(0);
    for (let i = start; i < end; i++) {
      const rank = this.#rows[i];
      const slot = 2 * binned.codes[column + order[rank]];
      histogram[slot] += this.#sums[rank];
      histogram[slot + 1] += this.#packs[rank];
    }
    const missingSum = histogram[2 * missingCode];
    const missingPack = histogram[2 * missingCode + 1];
    if (missingPack === pack) return false;
    const bins = binned.edges[feature].length + 1;
    const occupied = this.#scan(feature, bins, 0, 0, 0, sum, pack);
    if (missingPack > 0) this.#scan(feature, bins, missingSum, missingPack, 1, sum, pack);
    return occupied > 1 || missingPack > 0;
  }

  /** Tries every threshold of a filled histogram; the sums of the left side begin with those handed in. */
  #scan(
    feature: number,
    bins: number,
    firstSum: number,
    firstPack: number,
    missingLeft: number,
    sum: number,
    pack: number,
  ): number {
    const { best } = this;
    const histogram = this.#histogram;
    const countStep = this.#countStep;
    const minLeaf = this.#params.minSamplesLeaf;
    const weight = Math.floor(pack / countStep);
    const count = pack - weight * countStep;
    const mean = sum / weight;
    let leftSum = firstSum;
    let leftPack = firstPack;
    let occupied = 0;
    for (let bin = 0; bin < bins; bin++) {
      if (histogram[2 * bin + 1] === 0) continue;
      occupied++;
      leftSum += histogram[2 * bin];
      leftPack += histogram[2 * bin + 1];
      const leftWeight = Math.floor(leftPack / countStep);
      const leftCount = leftPack - leftWeight * countStep;
      if (leftCount < minLeaf || count - leftCount < minLeaf) continue;
      // Gain of a split, (S_L - W_L S/W)^2 W / (W_L W_R): the sum of squares between the two sides
      // (Breiman, Friedman, Olshen and Stone 1984, 8.3). Gains are compared as fractions, to save the division.
      const excess = leftSum - leftWeight * mean;
      if (Math.abs(excess) <= roundingShare * sum) continue;
      const gain = excess * excess * weight;
      const divisor = leftWeight * (weight - leftWeight);
      if (gain * best.divisor > best.gain * divisor) {
        Object.assign(best, { feature, bin, missingLeft, gain, divisor, sum: leftSum, pack: leftPack });
      }
    }
    return occupied;
  }

  partition(start: number, end: number): number {
    const { feature, bin, missingLeft } = this.best;
    const { binned, order } = this.#set;
    const rows = this.#rows;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const rank = rows[i];
      const code = binned.codes[feature * binned.rows + order[rank]];
      const isLeft = code === missingCode ? missingLeft === 1 : code <= bin;
      if (isLeft) rows[left++] = rank;
      else this.#spare[right++] = rank;
    }
    rows.set(this.#spare.subarray(0, right), left);
    return left;
  }

  describeLeaf(
    start: number,
    end: number,
    points: Uint16Array | undefined,
    at: number,
  ): { readonly sum: number; readonly weight: number } {
    const { order, target, targetCodes, weights } = this.#set;
    const rows = this.#rows;
    const weightOf = (rank: number): number => this.#bag[rank] * (weights?.[order[rank]] ?? 1);
    let sum = 0;
    let weight = 0;
    for (let i = start; i < end; i++) {
      sum += weightOf(rows[i]) * target[order[rows[i]]];
      weight += weightOf(rows[i]);
    }
    if (points === undefined) return { sum, weight };
    let passed = 0;
    let point = 0;
    for (let i = start; i < end; i++) {
      passed += weightOf(rows[i]);
      // Rounding must not leave a point without a row: the last row takes all that are left.
      const isLast = i === end - 1;
      while (
        point < pointsPerLeaf &&
        (passed >= (weight * (2 * point + 1)) / (2 * pointsPerLeaf) || isLast)
      ) {
        points[at + point] = targetCodes[order[rows[i]]];
        point++;
      }
    }
    return { sum, weight };
  }
}
