import type { BinnedMatrix } from '../forest/binning/binnedMatrix.ts';
import { MemoryPlan, startKernel } from '../forest/kernel/forestKernel.ts';
import type { GrownTree } from '../forest/packedTrees.ts';

/** Rows that are sent through a tree together. */
const blockRows = 2048;
/** Nodes that there is room for at first. */
const firstNodes = 1024;

/** Sends all rows of a binned matrix through one tree after another, as they are grown. */
export class TreeWalker {
  readonly #rows: number;
  readonly #stride: number;
  /** Codes row by row. */
  readonly #codes: Uint8Array;
  #room: ReturnType<typeof makeRoom>;

  constructor({ rows, featureNames, codes }: BinnedMatrix) {
    const stride = featureNames.length;
    this.#rows = rows;
    this.#stride = stride;
    this.#codes = new Uint8Array(rows * stride);
    for (let feature = 0; feature < stride; feature++) {
      for (let row = 0; row < rows; row++) this.#codes[row * stride + feature] = codes[feature * rows + row];
    }
    this.#room = makeRoom(stride, firstNodes);
  }

  /** Adds to each row's score the value of its leaf. */
  addToScores(tree: GrownTree, scores: Float64Array): void {
    for (let from = 0; from < this.#rows; from += blockRows) {
      const leaves = this.#leavesFrom(from, tree);
      for (let i = 0; i < leaves.length; i++) scores[from + i] += tree.values[leaves[i]];
    }
  }

  /** The leaf of each row. */
  leavesOf(tree: GrownTree): Uint32Array {
    const all = new Uint32Array(this.#rows);
    for (let from = 0; from < this.#rows; from += blockRows) all.set(this.#leavesFrom(from, tree), from);
    return all;
  }

  /** The leaves of a block of rows: a view that the next block is written over. */
  #leavesFrom(from: number, { nodes, values }: GrownTree): Uint32Array {
    const stride = this.#stride;
    if (values.length > this.#room.mostNodes) this.#room = makeRoom(stride, 2 * values.length);
    const { at, kernel } = this.#room;
    const { run, bytes, words } = kernel;
    const rows = Math.min(blockRows, this.#rows - from);
    words.set(nodes, at.nodes / 4);
    bytes.set(this.#codes.subarray(from * stride, (from + rows) * stride), at.codes);
    run.findLeaves(at.nodes, at.starts, rows, at.leaves);
    return words.subarray(at.leaves / 4, at.leaves / 4 + rows);
  }
}

/** A kernel with memory for a block of rows and a tree. */
function makeRoom(stride: number, mostNodes: number) {
  const plan = new MemoryPlan();
  const at = {
    // One byte more, for the root where there are no features to look at.
    codes: plan.take(blockRows * stride + 1),
    starts: plan.take(4 * blockRows),
    leaves: plan.take(4 * blockRows),
    nodes: plan.take(8 * mostNodes),
  };
  const kernel = startKernel(plan);
  for (let i = 0; i < blockRows; i++) kernel.words[at.starts / 4 + i] = at.codes + i * stride;
  return { mostNodes, at, kernel };
}
