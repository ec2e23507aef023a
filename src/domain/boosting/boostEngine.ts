import type { BinnedMatrix } from '../forest/binning/binnedMatrix.ts';
import { bitsForCount } from '../forest/binning/trainingSet.ts';
import { drawBag } from '../forest/engine/bag.ts';
import { histogramBytes, lanes, recordHead } from '../forest/engine/kernelLayout.ts';
import { gatherRecords, partitionRows, readBestSplit } from '../forest/engine/kernelNodes.ts';
import {
  type BestSplit,
  bagStream,
  featureStream,
  type NodeRows,
  noSplit,
  type Totals,
} from '../forest/engine/splitEngine.ts';
import { featuresByName } from '../forest/growing/featuresByName.ts';
import { type ForestKernel, startKernel } from '../forest/kernel/forestKernel.ts';
import { Random } from '../random.ts';
import { type BoosterLayout, BoosterTooLargeError, planBoosterMemory } from './boosterMemory.ts';
import { type BoostingParams, featuresPerTree } from './boostingParams.ts';
import { powerOfTwo } from './fixedSum.ts';

/** Added to a number below 2^51 and taken away again, it rounds to a whole number; Math.round took twice the time. */
const rounder = 1.5 * 2 ** 52;

/**
 * The arithmetic of growing the trees of one booster on the kernel of the forests.
 *
 * A record holds a row's negative gradient and hessian where a forest's holds its target and weight, because a Newton
 * step is to gradients and hessians what a weighted mean is to targets and weights. Both are stored as whole numbers of
 * steps whose sums stay below 2^53, so that sums are exact: neither the order of rows nor the subtraction of one histogram
 * from another can change a tree.
 *
 * The L2 penalty `l` is a weight that each side of a split has beside its rows. The two sides' losses fall by
 * `S_L^2 / (W_L + l) + S_R^2 / (W_R + l)` (Chen and Guestrin 2016, equation 7), which is
 * `(S_L - A S / T)^2 T / (A B) + S^2 / T` with `A = W_L + l`, `B = W_R + l` and `T = A + B`: the gain that the
 * forests' kernel computes, of a node that weighs `2 l` more, and a part that is the same for all its splits.
 */
export class BoostEngine {
  /** The best split of the last node searched; its `feature` is -1 if there is none. */
  readonly best: BestSplit = noSplit();
  /** What one step of a stored gradient, and of a stored hessian, is worth in the units of the loss. */
  gradientStep = 1;
  hessianStep = 1;
  readonly #binned: BinnedMatrix;
  readonly #params: BoostingParams;
  readonly #kernel: ForestKernel;
  readonly #at: BoosterLayout;
  readonly #countStep: number;
  readonly #bins: Uint32Array;
  readonly #featureOrder: Uint32Array;
  #drawn: Uint32Array;
  readonly #bag: Uint16Array;
  #freeSlots: number[] = [];

  /** @throws BoosterTooLargeError if data and parameters need more memory than the kernel can address. */
  constructor(binned: BinnedMatrix, params: BoostingParams) {
    const { rows, featureNames, edges } = binned;
    this.#binned = binned;
    this.#params = params;
    this.#at = planBoosterMemory(binned, params);
    if (!this.#at.plan.fits) throw new BoosterTooLargeError(binned, this.#at.slots);
    this.#kernel = startKernel(this.#at.plan);
    this.#countStep = 2 ** bitsForCount(rows);
    this.#bins = Uint32Array.from(edges, (own) => own.length + 1);
    this.#featureOrder = featuresByName(featureNames);
    this.#drawn = this.#featureOrder;
    this.#bag = new Uint16Array(rows).fill(1);
    this.#load();
  }

  #load(): void {
    const { run, bytes } = this.#kernel;
    const { records, recordShift, bagged, spare, gathered, origins } = this.#at;
    const { rows, featureNames, codes } = this.#binned;
    run.layOut(
      rows,
      records,
      recordShift,
      bagged,
      spare,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      gathered,
      origins,
      this.#countStep,
      this.#params.minSamplesLeaf,
    );
    const stride = 2 ** recordShift;
    for (let feature = 0; feature < featureNames.length; feature++) {
      const column = feature * rows;
      let at = records + recordHead + feature;
      for (let row = 0; row < rows; row++, at += stride) bytes[at] = codes[column + row];
    }
  }

  /**
   * Draws the rows and features of a tree, and takes in the gradients of the loss at the present scores.
   *
   * @param negativeGradients minus the first derivative of the halved loss by the score, one number a row.
   * @param hessians its second derivative, one number a row; undefined where all are 1.
   */
  begin(tree: number, negativeGradients: Float64Array, hessians: Float64Array | undefined): Totals {
    const { rowsShare, featuresShare, seed } = this.#params;
    const { rows } = this.#binned;
    this.#freeSlots = Array.from({ length: this.#at.slots }, (_, slot) => this.#at.slots - 1 - slot);
    this.#drawFeatures(new Random(seed, featureStream(tree)), featuresShare);
    if (rowsShare < 1) drawBag(new Random(seed, bagStream(tree)), { bootstrap: false, rowsShare }, this.#bag);
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      const size = Math.abs(negativeGradients[row]);
      if (size > largest) largest = size;
    }
    const gradientScale = largest === 0 ? 1 : powerOfTwo(51 - Math.log2(largest) - Math.log2(rows));
    const hessianScale = hessians === undefined ? 1 : this.#hessianScale(hessians);
    this.gradientStep = 1 / gradientScale;
    this.hessianStep = 1 / hessianScale;
    return this.#fill(negativeGradients, hessians, gradientScale, hessianScale);
  }

  /** The mean hessian gets as many steps as leave room for the count of rows in the same Float64. */
  #hessianScale(hessians: Float64Array): number {
    let sum = 0;
    for (let row = 0; row < hessians.length; row++) sum += hessians[row];
    return sum > 0 ? powerOfTwo(52 - Math.log2(this.#countStep) - Math.log2(sum)) : 1;
  }

  #drawFeatures(random: Random, featuresShare: number): void {
    const features = this.#featureOrder.length;
    const count = featuresPerTree(featuresShare, features);
    if (count === features) return;
    const order = this.#featureOrder.slice();
    for (let drawn = 0; drawn < count; drawn++) {
      const picked = drawn + random.below(features - drawn);
      [order[drawn], order[picked]] = [order[picked], order[drawn]];
    }
    this.#drawn = order.subarray(0, count);
  }

  /** Writes the numbers of the drawn rows into their records. Rows whose hessian is 0 teach nothing and stay out. */
  #fill(
    negativeGradients: Float64Array,
    hessians: Float64Array | undefined,
    gradientScale: number,
    hessianScale: number,
  ): Totals {
    const { words, floats } = this.#kernel;
    const { records, recordShift, bagged } = this.#at;
    const { rows } = this.#binned;
    const bag = this.#bag;
    const countStep = this.#countStep;
    const stride = 2 ** recordShift;
    const totals = { rows: 0, sum: 0, pack: 0 };
    let list = bagged / 4;
    let record = records;
    for (let row = 0; row < rows; row++, record += stride) {
      if (bag[row] === 0) continue;
      let weight = 1;
      if (hessians !== undefined) {
        weight = Math.ceil(hessians[row] * hessianScale);
        if (!(weight > 0)) continue;
      }
      const sum = negativeGradients[row] * gradientScale + rounder - rounder;
      const pack = weight * countStep + 1;
      floats[record / 8] = sum;
      floats[record / 8 + 1] = pack;
      words[list++] = record;
      totals.sum += sum;
      totals.pack += pack;
    }
    totals.rows = list - bagged / 4;
    return totals;
  }

  /** The sum of the hessians of a node, in steps. */
  weightOf(pack: number): number {
    return Math.floor(pack / this.#countStep);
  }

  /** The place of a histogram of every drawn feature. There are enough for {@link BoosterLayout.slots} open nodes. */
  takeSlot(): number {
    return this.#freeSlots.pop()!;
  }

  releaseSlot(slot: number): void {
    this.#freeSlots.push(slot);
  }

  /** Makes the histograms of a node in an empty or used slot. */
  fillSlot(slot: number, rows: NodeRows): void {
    const at = this.#addressOf(slot);
    this.#kernel.bytes.fill(0, at, at + this.#drawn.length * histogramBytes);
    this.#accumulate(slot, rows, 1);
  }

  /** Takes the rows of a node out of histograms. */
  removeRows(slot: number, rows: NodeRows): void {
    this.#accumulate(slot, rows, -1);
  }

  /** Takes the histograms of `minus` out of those of `slot`. */
  subtractSlot(slot: number, minus: number): void {
    const bytes = this.#drawn.length * histogramBytes;
    this.#kernel.run.subtract(this.#addressOf(slot), this.#addressOf(minus), bytes);
  }

  #addressOf(slot: number): number {
    return this.#at.histograms + slot * this.#at.slotBytes;
  }

  #accumulate(slot: number, { start, end, depth }: NodeRows, sign: number): void {
    const { bagged } = this.#at;
    const drawn = this.#drawn;
    const base = this.#addressOf(slot);
    if (depth > 0 && sign > 0) gatherRecords(this.#kernel, this.#at, { start, end });
    for (let first = 0; first < drawn.length; first += lanes) {
      const at = base + first * histogramBytes;
      this.#kernel.run.accumulate(
        bagged + 4 * start,
        bagged + 4 * end,
        Math.min(lanes, drawn.length - first),
        recordHead + drawn[first],
        recordHead + drawn[first + 1],
        recordHead + drawn[first + 2],
        recordHead + drawn[first + 3],
        at,
        at + histogramBytes,
        at + 2 * histogramBytes,
        at + 3 * histogramBytes,
        sign,
      );
    }
  }

  /** Looks for the best split of a node whose histograms stand in `slot`, and leaves it in `best`. */
  search(slot: number, { sum, pack }: NodeRows): void {
    const { run } = this.#kernel;
    const drawn = this.#drawn;
    const base = this.#addressOf(slot);
    run.openNode(sum, pack, this.#params.l2 / this.hessianStep);
    for (let index = 0; index < drawn.length; index++) {
      const feature = drawn[index];
      run.scan(base + index * histogramBytes, this.#bins[feature], feature);
    }
    readBestSplit(this.#kernel, this.best);
  }

  /** Moves the left side of a split before the right. Returns where the right side starts. */
  partition({ start, end }: NodeRows, split: BestSplit): number {
    return partitionRows(this.#kernel, this.#at, start, end, split);
  }

  /** Adds `value` to the score of every row of a node. */
  addToScores({ start, end }: NodeRows, value: number, scores: Float64Array): void {
    const { words } = this.#kernel;
    const { records, recordShift, bagged, gathered, origins } = this.#at;
    const [from, to] = [bagged / 4 + start, bagged / 4 + end];
    if (gathered !== 0 && words[from] >= gathered) {
      for (let at = from; at < to; at++) {
        const place = (words[at] - gathered) >>> recordShift;
        scores[(words[origins / 4 + place] - records) >>> recordShift] += value;
      }
    } else for (let at = from; at < to; at++) scores[(words[at] - records) >>> recordShift] += value;
  }
}
