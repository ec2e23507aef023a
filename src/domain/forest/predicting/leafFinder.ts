import type { FeatureMatrix } from '../../features/matrix.ts';
import type { BinnedMatrix } from '../binning/binnedMatrix.ts';
import { encodeColumn, halfPower } from '../binning/encodeColumn.ts';
import { type ForestKernel, MemoryPlan, startKernel } from '../kernel/forestKernel.ts';
import { edgesOf, missingCodeOf, type PackedTrees, treeCount } from '../packedTrees.ts';

/** How many rows go through a tree together: so few that their codes stay in the second-level cache. */
export const blockRows = 2048;

/**
 * Finds the leaves of a block of rows, one tree after another. There are two kinds, which find the same leaves:
 * {@link PlainLeafFinder} in plain TypeScript, and {@link KernelLeafFinder}.
 */
export interface LeafFinder {
  /** Loads rows `from` up to, not including, `to` of raw features; `columns` as {@link matchColumns} gives them. */
  encode(matrix: FeatureMatrix, columns: Uint32Array, from: number, to: number): void;
  /** Loads rows `from` up to, not including, `to` of a matrix that was binned with the edges of the forest. */
  copy(binned: BinnedMatrix, from: number, to: number): void;
  /**
   * The leaves of the rows of the block that the first `count` entries of `chosen` name, as node numbers counted from
   * the tree's root. The next call overwrites the array.
   */
  find(tree: number, chosen: Uint32Array, count: number): Uint32Array;
}

/** 0, 1, 2, ...: all rows of a block, as {@link LeafFinder.find} takes them. */
export function allRows(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

/** A finder for blocks of up to `rows` rows. */
export function createLeafFinder(trees: PackedTrees, rows: number): LeafFinder {
  return missingCodeOf(trees) === 255 ? new KernelLeafFinder(trees, rows) : new PlainLeafFinder(trees, rows);
}

/** The reference, and the only one that can handle codes of two bytes, which imported forests may need. */
export class PlainLeafFinder implements LeafFinder {
  readonly #trees: PackedTrees;
  readonly #block: Uint8Array | Uint16Array;
  readonly #missing: number;
  readonly #leaves: Uint32Array;

  constructor(trees: PackedTrees, rows: number) {
    this.#trees = trees;
    this.#missing = missingCodeOf(trees);
    const size = rows * trees.featureNames.length;
    this.#block = this.#missing === 255 ? new Uint8Array(size) : new Uint16Array(size);
    this.#leaves = new Uint32Array(rows);
  }

  encode(matrix: FeatureMatrix, columns: Uint32Array, from: number, to: number): void {
    for (let feature = 0; feature < columns.length; feature++) {
      const at = columns[feature] * matrix.rows;
      const column = matrix.values.subarray(at + from, at + to);
      encodeColumn(
        column,
        edgesOf(this.#trees, feature),
        this.#block,
        feature,
        columns.length,
        this.#missing,
      );
    }
  }

  copy(binned: BinnedMatrix, from: number, to: number): void {
    copyRows(binned, from, to, this.#block, 0);
  }

  find(tree: number, chosen: Uint32Array, count: number): Uint32Array {
    const { nodes, treeOffsets, featureNames } = this.#trees;
    const root = 2 * treeOffsets[tree];
    for (let i = 0; i < count; i++) {
      const start = chosen[i] * featureNames.length;
      let node = 0;
      for (let next = -1; next !== node; ) {
        if (next >= 0) node = next;
        const rule = nodes[root + 2 * node + 1];
        const code = featureNames.length === 0 ? 0 : this.#block[start + (rule >>> 17)];
        const isRight = ((code + ((rule >>> 16) & 1)) & this.#missing) > (rule & 0xffff);
        next = nodes[root + 2 * node] + (isRight ? 1 : 0);
      }
      this.#leaves[i] = node;
    }
    return this.#leaves;
  }
}

/** Runs the WebAssembly kernel, which takes eight rows down a tree at once, so that it waits less for memory. */
export class KernelLeafFinder implements LeafFinder {
  readonly #trees: PackedTrees;
  readonly #kernel: ForestKernel;
  readonly #at: {
    readonly codes: number;
    readonly nodes: number;
    readonly starts: number;
    readonly leaves: number;
    readonly values: number;
    readonly edges: number;
  };
  readonly #leaves: Uint32Array;
  readonly #stride: number;

  constructor(trees: PackedTrees, rows: number) {
    this.#trees = trees;
    this.#stride = trees.featureNames.length;
    let mostNodes = 0;
    for (let tree = 0; tree < treeCount(trees); tree++) {
      mostNodes = Math.max(mostNodes, trees.treeOffsets[tree + 1] - trees.treeOffsets[tree]);
    }
    const plan = new MemoryPlan();
    this.#at = {
      // One byte more, which the root reads in a forest without features.
      codes: plan.take(rows * this.#stride + 1),
      nodes: plan.take(8 * mostNodes),
      starts: plan.take(4 * rows),
      leaves: plan.take(4 * rows),
      values: plan.take(8 * rows),
      edges: plan.take(8 * 256 * this.#stride),
    };
    this.#kernel = startKernel(plan);
    this.#leaves = this.#kernel.words.subarray(this.#at.leaves / 4, this.#at.leaves / 4 + rows);
    const { floats } = this.#kernel;
    for (let feature = 0; feature < this.#stride; feature++) {
      const at = this.#at.edges / 8 + 256 * feature;
      floats.fill(Number.POSITIVE_INFINITY, at, at + 256);
      floats.set(edgesOf(trees, feature), at);
    }
  }

  encode(matrix: FeatureMatrix, columns: Uint32Array, from: number, to: number): void {
    const { run, floats } = this.#kernel;
    const at = this.#at;
    const { edgeOffsets } = this.#trees;
    for (let feature = 0; feature < this.#stride; feature++) {
      const column = columns[feature] * matrix.rows;
      floats.set(matrix.values.subarray(column + from, column + to), at.values / 8);
      const half = halfPower(edgeOffsets[feature + 1] - edgeOffsets[feature]);
      run.encode(at.values, to - from, at.edges + 2048 * feature, half, at.codes + feature, this.#stride);
    }
  }

  copy(binned: BinnedMatrix, from: number, to: number): void {
    copyRows(binned, from, to, this.#kernel.bytes, this.#at.codes);
  }

  find(tree: number, chosen: Uint32Array, count: number): Uint32Array {
    const { run, words } = this.#kernel;
    const { codes, nodes, starts, leaves } = this.#at;
    const { treeOffsets } = this.#trees;
    words.set(this.#trees.nodes.subarray(2 * treeOffsets[tree], 2 * treeOffsets[tree + 1]), nodes / 4);
    for (let i = 0; i < count; i++) words[starts / 4 + i] = codes + chosen[i] * this.#stride;
    run.findLeaves(nodes, starts, count, leaves);
    return this.#leaves;
  }
}

/** Copies rows of a binned matrix, which is column-major, into a block that holds one row after another. */
function copyRows(
  binned: BinnedMatrix,
  from: number,
  to: number,
  block: Uint8Array | Uint16Array,
  offset: number,
): void {
  const stride = binned.featureNames.length;
  for (let feature = 0; feature < stride; feature++) {
    const column = feature * binned.rows;
    for (let row = from, at = offset + feature; row < to; row++, at += stride)
      block[at] = binned.codes[column + row];
  }
}
