import type { BestSplit, NodeRows } from '../engine/splitEngine.ts';
import { leafLimit } from '../packedTrees.ts';

const firstCapacity = 4096;

/** The nodes of the tree that is being grown. The memory is reused for the next tree. */
export class NodeTable {
  /** Number of nodes. */
  size = 0;
  #capacity = firstCapacity;
  #start = new Uint32Array(firstCapacity);
  #end = new Uint32Array(firstCapacity);
  #depth = new Uint32Array(firstCapacity);
  #sum = new Float64Array(firstCapacity);
  #pack = new Float64Array(firstCapacity);
  /** Two words a node, as in {@link Forest}. */
  #words = new Uint32Array(2 * firstCapacity);
  readonly #rows = { start: 0, end: 0, sum: 0, pack: 0, depth: 0, siblingStart: 0, siblingEnd: 0 };

  clear(): void {
    this.size = 0;
  }

  /** Adds a leaf and returns its number. */
  open(start: number, end: number, sum: number, pack: number, depth: number): number {
    if (this.size === this.#capacity) this.#grow();
    const node = this.size++;
    this.#start[node] = start;
    this.#end[node] = end;
    this.#sum[node] = sum;
    this.#pack[node] = pack;
    this.#depth[node] = depth;
    this.#words[2 * node] = node;
    this.#words[2 * node + 1] = leafLimit;
    return node;
  }

  /** Turns a leaf into an inner node whose children are `left` and the node after it. */
  split(node: number, left: number, { feature, bin, missingLeft }: BestSplit): void {
    this.#words[2 * node] = left;
    this.#words[2 * node + 1] = feature * 0x20000 + missingLeft * 0x10000 + bin + missingLeft;
  }

  /** What is known of a node. Always the same object, overwritten by the next call, so that nothing is allocated. */
  rowsOf(node: number): NodeRows {
    const rows = this.#rows;
    rows.start = this.#start[node];
    rows.end = this.#end[node];
    rows.sum = this.#sum[node];
    rows.pack = this.#pack[node];
    rows.depth = this.#depth[node];
    // Siblings stand side by side, the left one at an odd number.
    const sibling = node === 0 ? 0 : node % 2 === 1 ? node + 1 : node - 1;
    rows.siblingStart = this.#start[sibling];
    rows.siblingEnd = node === 0 ? rows.siblingStart : this.#end[sibling];
    return rows;
  }

  /** The left child, or the node itself if it is a leaf. */
  leftOf(node: number): number {
    return this.#words[2 * node];
  }

  /** A copy of the packed nodes. */
  nodes(): Uint32Array {
    return this.#words.slice(0, 2 * this.size);
  }

  #grow(): void {
    const capacity = 2 * this.#capacity;
    const longer = <Kind extends Uint32Array | Float64Array>(to: Kind, from: Kind): Kind => {
      to.set(from);
      return to;
    };
    this.#start = longer(new Uint32Array(capacity), this.#start);
    this.#end = longer(new Uint32Array(capacity), this.#end);
    this.#depth = longer(new Uint32Array(capacity), this.#depth);
    this.#sum = longer(new Float64Array(capacity), this.#sum);
    this.#pack = longer(new Float64Array(capacity), this.#pack);
    this.#words = longer(new Uint32Array(2 * capacity), this.#words);
    this.#capacity = capacity;
  }
}
