import { Random } from '../random.ts';
import { drawBag } from './bag.ts';
import { pointsPerLeaf } from './forest.ts';
import { type ForestKernel, kernelResult, MemoryPlan, startKernel } from './forestKernel.ts';
import type { ForestParams } from './params.ts';
import { type BestSplit, bagStream, type NodeRows, type SplitEngine, type Totals } from './splitEngine.ts';
import { bitsForCount, type TrainingSet } from './trainingSet.ts';

/** Bytes of one histogram: 256 pairs of Float64. */
const histogramBytes = 4096;
const marksBytes = 256;
/** Features that one pass over the rows of a node takes in. */
const lanes = 4;
/** Bytes of a record before its codes. */
const recordHead = 16;
/** Nodes of fewer rows visit only the bins that they meet; for more, scanning all bins is faster. Measured. */
const markedRows = 256;
/** Memory for the histograms of the nodes above the one at hand, from which siblings are subtracted. */
const ancestorBytes = 8 * 2 ** 20;
/** Subtracting pays where the sibling has at most this share of the node's rows. Measured. */
const siblingShare = 0.5;

/** Bytes of a node's records at which they are gathered: best of 2^19 to 2^25 at a million rows. Measured. */
const gatheredBytes = 2 ** 23;
/** Records that fit the second-level cache need no gathering. */
const cacheBytes = 2 ** 20;

const { floor } = Math;

/**
 * Grows trees with the WebAssembly kernel. Each row is one record that holds its numbers and all its codes, so
 * that a node of scattered rows touches one cache line a row; partitions move only addresses of records.
 */
export class KernelEngine implements SplitEngine {
  readonly best: BestSplit = { feature: -1, bin: 0, missingLeft: 0, gain: 0, divisor: 1, sum: 0, pack: 0 };
  readonly #set: TrainingSet;
  readonly #params: ForestParams;
  readonly #kernel: ForestKernel;
  readonly #at: ReturnType<typeof planMemory>;
  /** For each depth and feature the slot of its histogram, or -1. */
  readonly #slots: Int32Array;
  readonly #depths: number;
  readonly #bins: Uint32Array;
  readonly #totals: Totals = { rows: 0, sum: 0, pack: 0 };
  readonly #leaf = { sum: 0, weight: 0 };
  /** Features to accumulate from the node's own rows, and those to take from the parent less the sibling. */
  readonly #own: Uint32Array;
  readonly #fromParent: Uint32Array;

  /** Whether the kernel can address this much data. */
  static canTake(set: TrainingSet): boolean {
    return planMemory(set).plan.fits;
  }

  constructor(set: TrainingSet, params: ForestParams) {
    this.#set = set;
    this.#params = params;
    const at = planMemory(set);
    this.#at = at;
    const features = set.binned.featureNames.length;
    this.#depths = at.depths;
    this.#slots = new Int32Array(at.depths * features);
    this.#bins = Uint32Array.from(set.binned.edges, (edges) => edges.length + 1);
    this.#own = new Uint32Array(features);
    this.#fromParent = new Uint32Array(features);
    this.#kernel = startKernel(at.plan);
    this.#load();
  }

  /** Copies the training set into the kernel's memory, in the order of targets. */
  #load(): void {
    const { run, bytes, words, floats } = this.#kernel;
    const { binned, order, target, targetCodes, units, weights, weightUnits } = this.#set;
    const at = this.#at;
    const { rows } = binned;
    run.layOut(
      rows,
      at.records,
      at.recordShift,
      at.bagged,
      at.spare,
      at.counts,
      at.order,
      at.target,
      at.targetCodes,
      at.units,
      at.weights,
      at.weightUnits,
      at.gathered,
      at.origins,
      2 ** bitsForCount(rows),
      this.#params.minSamplesLeaf,
    );
    words.set(order, at.order / 4);
    const codes = new Uint16Array(bytes.buffer, at.targetCodes, rows);
    for (let rank = 0; rank < rows; rank++) {
      const row = order[rank];
      floats[at.target / 8 + rank] = target[row];
      floats[at.units / 8 + rank] = units[row];
      codes[rank] = targetCodes[row];
    }
    if (weights !== undefined && weightUnits !== undefined) {
      for (let rank = 0; rank < rows; rank++) {
        floats[at.weights / 8 + rank] = weights[order[rank]];
        floats[at.weightUnits / 8 + rank] = weightUnits[order[rank]];
      }
    }
    for (let feature = 0; feature < binned.featureNames.length; feature++) {
      // The place of the tree's rows is free until the first tree.
      bytes.set(binned.codes.subarray(feature * rows, (feature + 1) * rows), at.bagged);
      run.spreadCodes(at.bagged, recordHead + feature);
    }
  }

  fillBag(tree: number, inBag: Uint8Array | undefined): Totals {
    const { run, bytes, floats } = this.#kernel;
    const at = this.#at;
    const { rows } = this.#set.binned;
    const counts = new Uint16Array(bytes.buffer, at.counts, rows);
    const { bootstrap, rowsShare, seed } = this.#params;
    if (bootstrap) run.drawWithReplacement(seed, bagStream(tree), Math.max(1, Math.round(rows * rowsShare)));
    else drawBag(new Random(seed, bagStream(tree)), this.#params, counts);
    let bagged = run.fillBag();
    if (bagged === 0) {
      counts.fill(1);
      bagged = run.fillBag();
    }
    this.#totals.rows = bagged;
    this.#totals.sum = floats[kernelResult.first];
    this.#totals.pack = floats[kernelResult.second];
    if (inBag !== undefined) {
      run.markBag(at.spare);
      inBag.set(bytes.subarray(at.spare, at.spare + inBag.length));
    }
    return this.#totals;
  }

  search(rows: NodeRows, draw: Uint32Array, from: number, to: number, isFirst: boolean): number {
    const { run, floats, words } = this.#kernel;
    if (isFirst) {
      run.openNode(rows.sum, rows.pack, 0);
      this.#gather(rows);
    }
    const isSmall = rows.end - rows.start < markedRows || rows.depth >= this.#depths;
    const varied = isSmall
      ? this.#searchSmall(rows, draw, from, to)
      : this.#searchLarge(rows, draw, from, to, isFirst);
    const { best } = this;
    best.feature = words[kernelResult.bestFeature] | 0;
    best.bin = words[kernelResult.bestBin];
    best.missingLeft = words[kernelResult.bestMissingLeft];
    best.gain = floats[kernelResult.bestGain];
    best.divisor = floats[kernelResult.bestDivisor];
    best.sum = floats[kernelResult.bestSum];
    best.pack = floats[kernelResult.bestPack];
    return varied;
  }

  /** Gathers the records of a node as soon as they are few enough, for all the nodes below it. */
  #gather({ start, end }: NodeRows): void {
    const { gathered, bagged, recordShift } = this.#at;
    if (gathered === 0 || (end - start) * 2 ** recordShift > gatheredBytes) return;
    if (this.#kernel.words[bagged / 4 + start] >= gathered) return;
    this.#kernel.run.gather(bagged + 4 * start, bagged + 4 * end);
  }

  #searchSmall({ start, end }: NodeRows, draw: Uint32Array, from: number, to: number): number {
    const { run } = this.#kernel;
    const { bagged, histograms, marks, met } = this.#at;
    let varied = 0;
    for (let first = from; first < to; first += lanes) {
      const taken = Math.min(lanes, to - first);
      run.accumulateMarked(
        bagged + 4 * start,
        bagged + 4 * end,
        taken,
        recordHead + draw[first],
        recordHead + draw[first + 1],
        recordHead + draw[first + 2],
        recordHead + draw[first + 3],
        histograms,
        marks,
      );
      for (let lane = 0; lane < taken; lane++) {
        varied += run.scanMarked(
          histograms + lane * histogramBytes,
          marks + lane * marksBytes,
          draw[first + lane],
          met,
        );
      }
    }
    return varied;
  }

  /** Histograms of large nodes are kept until their children are done, which may subtract from them. */
  #searchLarge(rows: NodeRows, draw: Uint32Array, from: number, to: number, isFirst: boolean): number {
    const { run, bytes } = this.#kernel;
    const { ancestors } = this.#at;
    const { start, end, depth, siblingStart, siblingEnd } = rows;
    const features = this.#set.binned.featureNames.length;
    const slots = this.#slots.subarray(depth * features, (depth + 1) * features);
    if (isFirst) slots.fill(-1);
    const canSubtract = depth > 0 && siblingEnd - siblingStart <= siblingShare * (end - start);
    let own = 0;
    let fromParent = 0;
    for (let drawn = from; drawn < to; drawn++) {
      const feature = draw[drawn];
      slots[feature] = drawn;
      const histogram = ancestors + (depth * features + drawn) * histogramBytes;
      const parentSlot = canSubtract ? this.#slots[(depth - 1) * features + feature] : -1;
      if (parentSlot >= 0) {
        const parent = ancestors + ((depth - 1) * features + parentSlot) * histogramBytes;
        bytes.copyWithin(histogram, parent, parent + histogramBytes);
        this.#fromParent[fromParent++] = feature;
      } else {
        bytes.fill(0, histogram, histogram + histogramBytes);
        this.#own[own++] = feature;
      }
    }
    this.#accumulate(start, end, this.#own, own, slots, depth, 1);
    this.#accumulate(siblingStart, siblingEnd, this.#fromParent, fromParent, slots, depth, -1);
    let varied = 0;
    for (let drawn = from; drawn < to; drawn++) {
      const feature = draw[drawn];
      varied += run.scan(
        ancestors + (depth * features + drawn) * histogramBytes,
        this.#bins[feature],
        feature,
      );
    }
    return varied;
  }

  #accumulate(
    start: number,
    end: number,
    list: Uint32Array,
    count: number,
    slots: Int32Array,
    depth: number,
    sign: number,
  ): void {
    const { bagged, ancestors } = this.#at;
    const base = ancestors + depth * slots.length * histogramBytes;
    for (let first = 0; first < count; first += lanes) {
      const a = list[first];
      const b = list[first + 1];
      const c = list[first + 2];
      const d = list[first + 3];
      this.#kernel.run.accumulate(
        bagged + 4 * start,
        bagged + 4 * end,
        Math.min(lanes, count - first),
        recordHead + a,
        recordHead + b,
        recordHead + c,
        recordHead + d,
        base + slots[a] * histogramBytes,
        base + slots[b] * histogramBytes,
        base + slots[c] * histogramBytes,
        base + slots[d] * histogramBytes,
        sign,
      );
    }
  }

  partition(start: number, end: number): number {
    const { bagged } = this.#at;
    const { feature, bin, missingLeft } = this.best;
    const border = this.#kernel.run.partition(
      bagged + 4 * start,
      bagged + 4 * end,
      recordHead + feature,
      bin + missingLeft,
      missingLeft,
    );
    return floor((border - bagged) / 4);
  }

  describeLeaf(
    start: number,
    end: number,
    points: Uint16Array | undefined,
    at: number,
  ): { readonly sum: number; readonly weight: number } {
    const { run, bytes, floats } = this.#kernel;
    const { bagged, marks } = this.#at;
    run.describeLeaf(bagged + 4 * start, bagged + 4 * end, points === undefined ? 0 : marks);
    if (points !== undefined) {
      const found = new Uint16Array(bytes.buffer, marks, pointsPerLeaf);
      points.set(found, at);
      found.fill(0);
    }
    this.#leaf.sum = floats[kernelResult.first];
    this.#leaf.weight = floats[kernelResult.second];
    return this.#leaf;
  }
}

function planMemory(set: TrainingSet) {
  const { rows, featureNames } = set.binned;
  const features = featureNames.length;
  const recordShift = Math.ceil(Math.log2(recordHead + Math.max(1, features)));
  const depths = Math.max(1, Math.min(32, floor(ancestorBytes / (Math.max(1, features) * histogramBytes))));
  const recordBytes = rows * 2 ** recordShift;
  const isLarge = recordBytes > cacheBytes;
  const plan = new MemoryPlan();
  const planned = {
    plan,
    recordShift,
    depths,
    histograms: plan.take(lanes * histogramBytes),
    marks: plan.take(lanes * marksBytes),
    met: plan.take(257 * 16 + 256),
    ancestors: plan.take(depths * features * histogramBytes),
    counts: plan.take(2 * rows),
    order: plan.take(4 * rows),
    // One more than there are rows: the kernel writes a row before it knows whether it stays.
    bagged: plan.take(4 * (rows + 1)),
    spare: plan.take(4 * (rows + 1)),
    target: plan.take(8 * rows),
    targetCodes: plan.take(2 * rows),
    units: plan.take(8 * rows),
    weights: set.weights === undefined ? 0 : plan.take(8 * rows),
    weightUnits: set.weightUnits === undefined ? 0 : plan.take(8 * rows),
    records: plan.take(recordBytes),
  };
  // Behind the records, so that an address tells which of the two it belongs to.
  const gathered = isLarge ? plan.take(recordBytes) : 0;
  return { ...planned, gathered, origins: isLarge ? plan.take(4 * rows) : 0 };
}
