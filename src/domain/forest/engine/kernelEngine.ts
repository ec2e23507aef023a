import { Random } from '../../random.ts';
import type { TrainingSet } from '../binning/trainingSet.ts';
import { pointsPerLeaf } from '../forest.ts';
import { type ForestKernel, kernelResult, startKernel } from '../kernel/forestKernel.ts';
import type { ForestParams } from '../params.ts';
import { drawBag } from './bag.ts';
import {
  histogramBytes,
  type KernelLayout,
  lanes,
  loadTrainingSet,
  marksBytes,
  planKernelMemory,
  recordHead,
} from './kernelLayout.ts';
import { gatherRecords, partitionRows, readBestSplit } from './kernelNodes.ts';
import {
  type BestSplit,
  bagStream,
  type NodeRows,
  noSplit,
  type SplitEngine,
  type Totals,
} from './splitEngine.ts';

/**
 * In nodes of fewer rows only the bins that occur are visited; in larger ones scanning all bins is faster. Measured.
 */
const markedRows = 256;
/**
 * Subtracting the sibling's histogram pays if the sibling has at most this many rows for each row of the node.
 * Measured.
 */
const siblingShare = 0.5;

/**
 * Grows trees with the WebAssembly kernel. Each row is one record that holds its numbers and all its codes, so
 * that a node of scattered rows touches one cache line a row; partitions move only addresses of records.
 */
export class KernelEngine implements SplitEngine {
  readonly best: BestSplit = noSplit();
  readonly #set: TrainingSet;
  readonly #params: ForestParams;
  readonly #kernel: ForestKernel;
  readonly #at: KernelLayout;
  /** For each depth and feature the slot of its histogram, or -1. */
  readonly #slots: Int32Array;
  readonly #depths: number;
  readonly #bins: Uint32Array;
  readonly #totals: Totals = { rows: 0, sum: 0, pack: 0 };
  readonly #leaf = { sum: 0, weight: 0 };
  /**
   * Features whose histogram is built from the node's own rows, and those whose histogram is the parent's less the
   * sibling's.
   */
  readonly #own: Uint32Array;
  readonly #fromParent: Uint32Array;

  /** Whether the kernel can address this much data. */
  static canTake(set: TrainingSet): boolean {
    return planKernelMemory(set).plan.fits;
  }

  constructor(set: TrainingSet, params: ForestParams) {
    this.#set = set;
    this.#params = params;
    const at = planKernelMemory(set);
    this.#at = at;
    const features = set.binned.featureNames.length;
    this.#depths = at.depths;
    this.#slots = new Int32Array(at.depths * features);
    this.#bins = Uint32Array.from(set.binned.edges, (edges) => edges.length + 1);
    this.#own = new Uint32Array(features);
    this.#fromParent = new Uint32Array(features);
    this.#kernel = startKernel(at.plan);
    loadTrainingSet(this.#kernel, at, set, params.minSamplesLeaf);
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
    if (isFirst) {
      this.#kernel.run.openNode(rows.sum, rows.pack, 0);
      gatherRecords(this.#kernel, this.#at, rows);
    }
    const isSmall = rows.end - rows.start < markedRows || rows.depth >= this.#depths;
    const varied = isSmall
      ? this.#searchSmall(rows, draw, from, to)
      : this.#searchLarge(rows, draw, from, to, isFirst);
    readBestSplit(this.#kernel, this.best);
    return varied;
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
    return partitionRows(this.#kernel, this.#at, start, end, this.best);
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
