import { type ForestKernel, MemoryPlan, startKernel } from '../kernel/forestKernel.ts';

/** How many values the kernel encodes at a time. */
const chunk = 4096;
const mostEdges = 255;

/**
 * Writes the code of each value: the number of edges below it, or `missing` for NaN. This is the reference that
 * {@link ColumnEncoder} is tested against, and it serves forests whose codes need two bytes.
 *
 * @param column values of one feature.
 * @param edges ascending thresholds, fewer than `missing`.
 * @param codes receives one code a value, `stride` apart from `offset` on.
 */
export function encodeColumn(
  column: Float64Array,
  edges: Float64Array,
  codes: Uint8Array | Uint16Array,
  offset: number,
  stride: number,
  missing: number,
): void {
  for (let i = 0, at = offset; i < column.length; i++, at += stride) {
    const value = column[i];
    let base = 0;
    for (let length = edges.length; length > 0; ) {
      const half = length >>> 1;
      if (edges[base + half] < value) {
        base += half + 1;
        length -= half + 1;
      } else length = half;
    }
    codes[at] = Number.isNaN(value) ? missing : base;
  }
}

/**
 * Encodes columns as codes of one byte, by the kernel, whose binary search has no branches that depend on the values.
 */
export class ColumnEncoder {
  readonly #kernel: ForestKernel;
  readonly #at: { readonly edges: number; readonly values: number; readonly codes: number };

  constructor() {
    const plan = new MemoryPlan();
    this.#at = {
      edges: plan.take(8 * (mostEdges + 1)),
      values: plan.take(8 * chunk),
      codes: plan.take(chunk),
    };
    this.#kernel = startKernel(plan);
  }

  /** Writes the code of each value into `codes`, one after another. At most 254 edges. */
  encode(column: Float64Array, edges: Float64Array, codes: Uint8Array): void {
    const { run, bytes, floats } = this.#kernel;
    const at = this.#at;
    floats.fill(Number.POSITIVE_INFINITY, at.edges / 8, at.edges / 8 + mostEdges + 1);
    floats.set(edges, at.edges / 8);
    const half = halfPower(edges.length);
    for (let from = 0; from < column.length; from += chunk) {
      const values = column.subarray(from, from + chunk);
      floats.set(values, at.values / 8);
      run.encode(at.values, values.length, at.edges, half, at.codes, 1);
      codes.set(bytes.subarray(at.codes, at.codes + values.length), from);
    }
  }
}

/** Half of the smallest power of two above `count`, rounded down: where the kernel's search begins. */
export function halfPower(count: number): number {
  return (2 ** (32 - Math.clz32(count))) >>> 1;
}
