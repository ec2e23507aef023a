import { type ForestKernel, kernelResult } from '../kernel/forestKernel.ts';
import { recordHead } from './kernelLayout.ts';
import type { BestSplit, NodeRows } from './splitEngine.ts';

/**
 * Where the rows of a tree lie in the kernel's memory, in bytes: the part of a layout that forests and boosters share.
 */
interface RowsLayout {
  /** Addresses of the records of the tree's rows, 4 bytes each, node by node. */
  readonly bagged: number;
  /** Copies of records that lie side by side; 0 where all records fit the cache. */
  readonly gathered: number;
  /** A record is 2^recordShift bytes long. */
  readonly recordShift: number;
}

/**
 * A node is gathered once its records have at most this many bytes: measured as the best of 2^19 to 2^25 at a million
 * rows.
 */
const gatheredBytes = 2 ** 23;

/** Copies the records of a node side by side as soon as they are few enough, for all the nodes below it. */
export function gatherRecords(
  { run, words }: ForestKernel,
  { bagged, gathered, recordShift }: RowsLayout,
  { start, end }: Pick<NodeRows, 'start' | 'end'>,
): void {
  if (gathered === 0 || (end - start) * 2 ** recordShift > gatheredBytes) return;
  // An address from `gathered` on means that these are copies already, made for a node above.
  if (words[bagged / 4 + start] >= gathered) return;
  run.gather(bagged + 4 * start, bagged + 4 * end);
}

/** Copies the best split that the kernel found since a node was opened to `best`. */
export function readBestSplit({ floats, words }: ForestKernel, best: BestSplit): void {
  best.feature = words[kernelResult.bestFeature] | 0;
  best.bin = words[kernelResult.bestBin];
  best.missingLeft = words[kernelResult.bestMissingLeft];
  best.gain = floats[kernelResult.bestGain];
  best.divisor = floats[kernelResult.bestDivisor];
  best.sum = floats[kernelResult.bestSum];
  best.pack = floats[kernelResult.bestPack];
}

/** Moves the left side of a split before the right. Returns the place where the right side starts. */
export function partitionRows(
  { run }: ForestKernel,
  { bagged }: Pick<RowsLayout, 'bagged'>,
  start: number,
  end: number,
  { feature, bin, missingLeft }: BestSplit,
): number {
  const border = run.partition(
    bagged + 4 * start,
    bagged + 4 * end,
    recordHead + feature,
    bin + missingLeft,
    missingLeft,
  );
  return (border - bagged) / 4;
}
