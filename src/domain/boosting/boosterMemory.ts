import { ClvError } from '../errors.ts';
import type { BinnedMatrix } from '../forest/binning/binnedMatrix.ts';
import { bitsForCount } from '../forest/binning/trainingSet.ts';
import { cacheBytes, histogramBytes, recordHead } from '../forest/engine/kernelLayout.ts';
import { MemoryPlan } from '../forest/kernel/forestKernel.ts';
import { type BoostingParams, featuresPerTree } from './boostingParams.ts';

/** Plans the kernel's memory for a booster: addresses in bytes, and how many open nodes there is room for. */
export function planBoosterMemory(binned: BinnedMatrix, params: BoostingParams) {
  const { rows, featureNames } = binned;
  const features = featureNames.length;
  const recordShift = Math.ceil(Math.log2(recordHead + Math.max(1, features)));
  const recordBytes = rows * 2 ** recordShift;
  const isLarge = recordBytes > cacheBytes;
  const slots = slotsFor(params, rows);
  const slotBytes = featuresPerTree(params.featuresShare, features) * histogramBytes;
  const plan = new MemoryPlan();
  const planned = {
    plan,
    recordShift,
    slots,
    slotBytes,
    histograms: plan.take(slots * slotBytes),
    // One more than there are rows: the kernel writes a row before it knows whether it stays.
    bagged: plan.take(4 * (rows + 1)),
    spare: plan.take(4 * (rows + 1)),
    records: plan.take(recordBytes),
  };
  // Behind the records, so that an address tells which of the two it belongs to.
  const gathered = isLarge ? plan.take(recordBytes) : 0;
  return { ...planned, gathered, origins: isLarge ? plan.take(4 * rows) : 0 };
}

/** Where everything lies in the kernel's memory. */
export type BoosterLayout = ReturnType<typeof planBoosterMemory>;

/**
 * Most nodes that wait for their split at a time. Without `maxLeaves` the smaller child is split first, so each that
 * waits has at least as many rows as all below its sibling: no more wait than rows can be halved.
 */
function slotsFor({ maxDepth, maxLeaves }: BoostingParams, rows: number): number {
  const waiting = Math.min(maxDepth ?? Number.POSITIVE_INFINITY, bitsForCount(rows));
  return maxLeaves === null ? waiting + 1 : Math.min(maxLeaves, rows) + 1;
}

/** Data and parameters need more memory than the kernel can address. */
export class BoosterTooLargeError extends ClvError {
  constructor({ rows, featureNames }: BinnedMatrix, slots: number) {
    super(
      'BOOSTER_TOO_LARGE',
      `${rows} rows of ${featureNames.length} features with ${slots} open nodes a tree need more than 4 GiB.`,
      {
        remedy: 'Train on fewer rows, or set maxLeaves lower.',
        values: { rows, features: featureNames.length, slots },
      },
    );
  }
}
