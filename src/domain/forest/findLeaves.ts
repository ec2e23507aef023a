import type { CodeBlock } from './codeBlock.ts';
import type { Forest } from './forest.ts';

/**
 * Sends rows of a block through one tree.
 *
 * Four rows go down together, so that the processor works on one while it waits for the memory of another, and
 * the side is computed, not branched on: which way a row goes cannot be predicted.
 *
 * @param starts where in `block` the codes of each row begin.
 * @param count how many of `starts` to use.
 * @param leaves receives the node of each row's leaf, counted from the first node of the forest.
 */
export function findLeaves(
  forest: Forest,
  tree: number,
  block: CodeBlock,
  starts: Uint32Array,
  count: number,
  leaves: Uint32Array,
): void {
  const root = forest.treeOffsets[tree];
  const nodes = forest.nodes.subarray(2 * root, 2 * forest.treeOffsets[tree + 1]);
  const mask = block instanceof Uint8Array ? 0xff : 0xffff;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const startA = starts[i];
    const startB = starts[i + 1];
    const startC = starts[i + 2];
    const startD = starts[i + 3];
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let isMoving = true; isMoving; ) {
      const ruleA = nodes[2 * a + 1];
      const ruleB = nodes[2 * b + 1];
      const ruleC = nodes[2 * c + 1];
      const ruleD = nodes[2 * d + 1];
      const codeA = (block[startA + (ruleA >>> 17)] + ((ruleA >>> 16) & 1)) & mask;
      const codeB = (block[startB + (ruleB >>> 17)] + ((ruleB >>> 16) & 1)) & mask;
      const codeC = (block[startC + (ruleC >>> 17)] + ((ruleC >>> 16) & 1)) & mask;
      const codeD = (block[startD + (ruleD >>> 17)] + ((ruleD >>> 16) & 1)) & mask;
      const nextA = nodes[2 * a] + (((ruleA & 0xffff) - codeA) >>> 31);
      const nextB = nodes[2 * b] + (((ruleB & 0xffff) - codeB) >>> 31);
      const nextC = nodes[2 * c] + (((ruleC & 0xffff) - codeC) >>> 31);
      const nextD = nodes[2 * d] + (((ruleD & 0xffff) - codeD) >>> 31);
      isMoving = ((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) !== 0;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    leaves[i] = root + a;
    leaves[i + 1] = root + b;
    leaves[i + 2] = root + c;
    leaves[i + 3] = root + d;
  }
  for (; i < count; i++) {
    const start = starts[i];
    let node = 0;
    for (let next = -1; next !== node; ) {
      if (next >= 0) node = next;
      const rule = nodes[2 * node + 1];
      const code = (block[start + (rule >>> 17)] + ((rule >>> 16) & 1)) & mask;
      next = nodes[2 * node] + (((rule & 0xffff) - code) >>> 31);
    }
    leaves[i] = root + node;
  }
}
