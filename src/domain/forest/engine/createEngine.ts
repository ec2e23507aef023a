import type { TrainingSet } from '../binning/trainingSet.ts';
import type { ForestParams } from '../params.ts';
import { KernelEngine } from './kernelEngine.ts';
import { PlainEngine } from './plainEngine.ts';
import type { SplitEngine } from './splitEngine.ts';

/**
 * The kernel, or plain TypeScript for data beyond the four gigabytes that WebAssembly can address; both grow the same
 * trees.
 */
export function createEngine(set: TrainingSet, params: ForestParams): SplitEngine {
  return KernelEngine.canTake(set) ? new KernelEngine(set, params) : new PlainEngine(set, params);
}
