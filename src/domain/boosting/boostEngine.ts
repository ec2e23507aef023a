import { ClvError } from '../errors.ts';
import { drawBag } from '../forest/bag.ts';
import type { BinnedMatrix } from '../forest/binnedMatrix.ts';
import { type ForestKernel, kernelResult, MemoryPlan, startKernel } from '../forest/forestKernel.ts';
import { cacheBytes, histogramBytes, lanes, recordHead } from '../forest/kernelLayout.ts';
import {
  type BestSplit,
  bagStream,
  featureStream,
  type NodeRows,
  type Totals,
} from '../forest/splitEngine.ts';
import { bitsForCount } from '../forest/trainingSet.ts';
import { Random } from '../random.ts';
import { type BoostingParams, featuresPerTree } from './boostingParams.ts';
import { powerOfTwo } from './fixedSum.ts';

/** Bytes of a node's records at which they are gathered: as in forests. */
const gatheredBytes = 2 ** 23;

/** Added to a number below 2^51 and taken away again, it rounds to a whole number; Math.round took twice the time. */
const rounder = 1.5 * 2 ** 52;

/**
 * The arithmetic of growing the trees of one booster on the kernel of the forests.
 *
 * A record holds a row's slope and curvature where a forest's holds its target and weight: a Newton step is a mean
 * of slopes, weighted by curvatures. Both are whole numbers of steps whose sums stay below 2^53, so that they add
 * exactly: no order of rows, and no subtracting of one histogram from another, can change a tree.
 *
 * The L2 penalty `l` is a weight that each side of a split has beside its rows. The two sides' losses fall by
 * `S_L^2 / (W_L + l) + S_R^2 / (W_R + l)` (Chen and Guestrin 2016, equation 7), which is
 * `(S_L - A S / T)^2 T / (A B) + S^2 / T` with `A = W_L + l`, `B = W_R + l` and `T = A + B`: the gain that the
 * forests' kernel computes, of a node that weighs `2 l` more, and a part that is the same for all its splits.
 */
export class BoostEngine {
  /** The best split of the last node searched; its `feature` is -1 if there is none. */
  readonly best: BestSplit = { feature: -1, bin: 0, missingLeft: 0, gain: 0, divisor: 1, sum: 0, pack: 0 };
  /** One step of slopes and of curvatures, in the units of the loss. */
  slopeStep = 1;
  curvatureStep = 1;
  readonly #binned: BinnedMatrix;
  readonly #params: BoostingParams;
  readonly #kernel: ForestKernel;
  readonly #at: ReturnType<typeof planMemory>;
  readonly #countStep: number;
  readonly #bins: Uint32Array;
  /** Features by the rank of their names, so that the order of columns changes nothing but numbers. */
  readonly #featureOrder: Uint32Array;
  #drawn: Uint32Array;
  readonly #bag: Uint16Array;
  #freeSlots: number[] = [];

  /** @throws BoosterTooLargeError if data and parameters need more memory than the kernel can address. */
  constructor(binned: BinnedMatrix, params: BoostingParams) {
    const { rows, featureNames, edges } = binned;
    this.#binned = binned;
    this.#params = params;
    this.#at = planMemory(binned, params);
    if (!this.#at.plan.fits) throw new BoosterTooLargeError(binned, this.#at.slots);
    this.#kernel = startKernel(this.#at.plan);
    this.#countStep = 2 ** bitsForCount(rows);
    this.#bins = Uint32Array.from(edges, (own) => own.length + 1);
    this.#featureOrder = Uint32Array.from(featureNames.keys()).sort((a, b) =>
      featureNames[a] < featureNames[b] ? -1 : 1,
    );
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
   * Draws the rows and features of a tree and takes in what the loss says of the rows.
   *
   * @param slopes downward slope of the loss, one a row. @param curvatures one a row; undefined where all are 1.
   */
  begin(tree: number, slopes: Float64Array, curvatures: Float64Array | undefined): Totals {
    const { rowsShare, featuresShare, seed } = this.#params;
    const { rows } = this.#binned;
    this.#freeSlots = Array.from({ length: this.#at.slots }, (_, slot) => this.#at.slots - 1 - slot);
    this.#drawFeatures(new Random(seed, featureStream(tree)), featuresShare);
    if (rowsShare < 1) drawBag(new Random(seed, bagStream(tree)), { bootstrap: false, rowsShare }, this.#bag);
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      const size = Math.abs(slopes[row]);
      if (size > largest) largest = size;
    }
    const slopeScale = largest === 0 ? 1 : powerOfTwo(51 - Math.log2(largest) - Math.log2(rows));
    const curvatureScale = curvatures === undefined ? 1 : this.#curvatureScale(curvatures);
    this.slopeStep = 1 / slopeScale;
    this.curvatureStep = 1 / curvatureScale;
    return this.#fill(slopes, curvatures, slopeScale, curvatureScale);
  }

  /** The mean curvature gets as many steps as leave room for the count of rows in the same Float64. */
  #curvatureScale(curvatures: Float64Array): number {
    let sum = 0;
    for (let row = 0; row < curvatures.length; row++) sum += curvatures[row];
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

  /** Writes the numbers of the drawn rows into their records. Rows without curvature teach nothing and stay out. */
  #fill(
    slopes: Float64Array,
    curvatures: Float64Array | undefined,
    slopeScale: number,
    curvatureScale: number,
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
      if (curvatures !== undefined) {
        weight = Math.ceil(curvatures[row] * curvatureScale);
        if (!(weight > 0)) continue;
      }
      const sum = slopes[row] * slopeScale + rounder - rounder;
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

  /** Curvature of a node, in steps. */
  weightOf(pack: number): number {
    return Math.floor(pack / this.#countStep);
  }

  /** The place of a histogram of every drawn feature. There are enough for {@link slotsFor} open nodes. */
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
    if (depth > 0 && sign > 0) this.#gather(start, end);
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

  /** Gathers the records of a node as soon as they are few enough, for all the nodes below it. */
  #gather(start: number, end: number): void {
    const { gathered, bagged, recordShift } = this.#at;
    if (gathered === 0 || (end - start) * 2 ** recordShift > gatheredBytes) return;
    if (this.#kernel.words[bagged / 4 + start] >= gathered) return;
    this.#kernel.run.gather(bagged + 4 * start, bagged + 4 * end);
  }

  /** Looks for the best split of a node whose histograms stand in `slot`, and leaves it in `best`. */
  search(slot: number, { sum, pack }: NodeRows): void {
    const { run, floats, words } = this.#kernel;
    const drawn = this.#drawn;
    const base = this.#addressOf(slot);
    run.openNode(sum, pack, this.#params.l2 / this.curvatureStep);
    for (let index = 0; index < drawn.length; index++) {
      const feature = drawn[index];
      run.scan(base + index * histogramBytes, this.#bins[feature], feature);
    }
    const { best } = this;
    best.feature = words[kernelResult.bestFeature] | 0;
    best.bin = words[kernelResult.bestBin];
    best.missingLeft = words[kernelResult.bestMissingLeft];
    best.gain = floats[kernelResult.bestGain];
    best.divisor = floats[kernelResult.bestDivisor];
    best.sum = floats[kernelResult.bestSum];
    best.pack = floats[kernelResult.bestPack];
  }

  /** Moves the left side of a split before the right. Returns where the right side starts. */
  partition({ start, end }: NodeRows, { feature, bin, missingLeft }: BestSplit): number {
    const { bagged } = this.#at;
    const border = this.#kernel.run.partition(
      bagged + 4 * start,
      bagged + 4 * end,
      recordHead + feature,
      bin + missingLeft,
      missingLeft,
    );
    return (border - bagged) / 4;
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

/** Data and parameters need more memory than the kernel can address. */
class BoosterTooLargeError extends ClvError {
  constructor({ rows, featureNames }: BinnedMatrix, slots: number) {
    super(
      'BOOSTER_TOO_LARGE',
      `${rows} rows of ${featureNames.length} features with ${slots} open nodes a tree need more than 4 GiB.`,
      {
        remedy: 'Train on fewer rows, or set maxLeaves lower.',
        values: { rows, features: featureNames.length, slots },
      },
    );
  }
}

/**
 * Most nodes that wait for their split at a time. Without `maxLeaves` the smaller child is split first, so each that
 * waits has at least as many rows as all below its sibling: no more wait than rows can be halved.
 */
function slotsFor({ maxDepth, maxLeaves }: BoostingParams, rows: number): number {
  const waiting = Math.min(maxDepth ?? Number.POSITIVE_INFINITY, bitsForCount(rows));
  return maxLeaves === null ? waiting + 1 : Math.min(maxLeaves, rows) + 1;
}

function planMemory(binned: BinnedMatrix, params: BoostingParams) {
  const { rows, featureNames } = binned;
  const features = featureNames.length;
  const recordShift = Math.ceil(Math.log2(recordHead + Math.max(1, features)));
  const recordBytes = rows * 2 ** recordShift;
  const isLarge = recordBytes > cacheBytes;
  const slots = slotsFor(params, rows);
  const slotBytes = featuresPerTree(params.featuresShare, features) * histogramBytes;
  const plan = new MemoryPlan();
  const planned = {
    plan,
    recordShift,
    slots,
    slotBytes,
    histograms: plan.take(slots * slotBytes),
    // One more than there are rows: the kernel writes a row before it knows whether it stays.
    bagged: plan.take(4 * (rows + 1)),
    spare: plan.take(4 * (rows + 1)),
    records: plan.take(recordBytes),
  };
  // Behind the records, so that an address tells which of the two it belongs to.
  const gathered = isLarge ? plan.take(recordBytes) : 0;
  return { ...planned, gathered, origins: isLarge ? plan.take(4 * rows) : 0 };
}
