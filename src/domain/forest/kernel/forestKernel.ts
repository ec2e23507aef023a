import { kernelBase64 } from './kernelBytes.ts';

/** The functions of kernels/forest.ts; addresses are bytes from the start of the memory. */
interface KernelFunctions {
  layOut(
    rows: number,
    records: number,
    recordShift: number,
    bagged: number,
    spare: number,
    counts: number,
    order: number,
    target: number,
    targetCodes: number,
    units: number,
    weights: number,
    weightUnits: number,
    gathered: number,
    origins: number,
    countStep: number,
    minLeaf: number,
  ): void;
  spreadCodes(column: number, offset: number): void;
  drawWithReplacement(seed: number, stream: number, draws: number): void;
  fillBag(): number;
  markBag(bits: number): void;
  accumulate(
    from: number,
    to: number,
    features: number,
    byteA: number,
    byteB: number,
    byteC: number,
    byteD: number,
    histogramA: number,
    histogramB: number,
    histogramC: number,
    histogramD: number,
    sign: number,
  ): void;
  accumulateMarked(
    from: number,
    to: number,
    features: number,
    byteA: number,
    byteB: number,
    byteC: number,
    byteD: number,
    histograms: number,
    marks: number,
  ): void;
  subtract(from: number, histograms: number, bytes: number): void;
  openNode(sum: number, pack: number, penalty: number): void;
  scan(histogram: number, bins: number, feature: number): number;
  scanMarked(histogram: number, marks: number, feature: number, met: number): number;
  partition(from: number, to: number, byte: number, limit: number, shift: number): number;
  gather(from: number, to: number): void;
  describeLeaf(from: number, to: number, points: number): void;
  encode(values: number, count: number, edges: number, half: number, codes: number, stride: number): void;
  findLeaves(nodes: number, starts: number, count: number, leaves: number): void;
  sortFloats(values: number, count: number, spare: number, tally: number): number;
}

/** Where the kernel leaves its results, as indices of 8-byte and 4-byte words. */
export const kernelResult = {
  bestGain: 0,
  bestDivisor: 1,
  bestSum: 2,
  bestPack: 3,
  bestFeature: 8,
  bestBin: 9,
  bestMissingLeft: 10,
  first: 6,
  second: 7,
} as const;

/** Bytes at the start of the memory that belong to the kernel. */
const resultBytes = 64;
const pageBytes = 65_536;
/** WebAssembly addresses four gigabytes. */
const mostBytes = 2 ** 32 - pageBytes;

/** Hands out addresses, each a multiple of 64, so that no record crosses a cache line without need. */
export class MemoryPlan {
  bytes = resultBytes;

  take(bytes: number): number {
    const at = this.bytes;
    this.bytes += Math.ceil(bytes / 64) * 64;
    return at;
  }

  /** Whether WebAssembly can address the memory planned so far. */
  get fits(): boolean {
    return this.bytes <= mostBytes;
  }
}

/** The compiled kernel with memory of its own. */
export interface ForestKernel {
  readonly run: KernelFunctions;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly words: Uint32Array<ArrayBuffer>;
  readonly floats: Float64Array<ArrayBuffer>;
}

/** The part of WebAssembly that is used here, because the types of Node 20 do not declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (limits: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

let compiled: object | undefined;

/** An instance of the kernel with the memory that was planned, all zero. */
export function startKernel(plan: MemoryPlan): ForestKernel {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(kernelBase64), (character) => character.charCodeAt(0)),
  );
  const memory = new WebAssembly.Memory({ initial: Math.ceil(plan.bytes / pageBytes) });
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return {
    run: instance.exports as KernelFunctions,
    bytes: new Uint8Array(memory.buffer),
    words: new Uint32Array(memory.buffer),
    floats: new Float64Array(memory.buffer),
  };
}
