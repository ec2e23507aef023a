import { bitsForCount, type TrainingSet } from '../binning/trainingSet.ts';
import { type ForestKernel, MemoryPlan } from '../kernel/forestKernel.ts';

/** Bytes of one histogram: 256 pairs of Float64. */
export const histogramBytes = 4096;
/** Bytes of the marks of one histogram: one for each bin. */
export const marksBytes = 256;
/** How many features one pass over the rows of a node looks at. */
export const lanes = 4;
/** Bytes of a record before its codes. */
export const recordHead = 16;
/** Bytes for the histograms of the nodes above the current one, from which those of siblings are subtracted. */
const ancestorBytes = 8 * 2 ** 20;
/** Bytes of records that fit the second-level cache; so few need no gathering. */
export const cacheBytes = 2 ** 20;

/** Plans the kernel's memory for a training set: addresses in bytes. */
export function planKernelMemory(set: TrainingSet) {
  const { rows, featureNames } = set.binned;
  const features = featureNames.length;
  const recordShift = Math.ceil(Math.log2(recordHead + Math.max(1, features)));
  const depths = Math.max(
    1,
    Math.min(32, Math.floor(ancestorBytes / (Math.max(1, features) * histogramBytes))),
  );
  const recordBytes = rows * 2 ** recordShift;
  const isLarge = recordBytes > cacheBytes;
  const plan = new MemoryPlan();
  const planned = {
    plan,
    recordShift,
    depths,
    histograms: plan.take(lanes * histogramBytes),
    marks: plan.take(lanes * marksBytes),
    met: plan.take(257 * 16 + 256),
    ancestors: plan.take(depths * features * histogramBytes),
    counts: plan.take(2 * rows),
    order: plan.take(4 * rows),
    // One entry more than there are rows: the kernel writes a row before it knows whether to keep it.
    bagged: plan.take(4 * (rows + 1)),
    spare: plan.take(4 * (rows + 1)),
    target: plan.take(8 * rows),
    targetCodes: plan.take(2 * rows),
    units: plan.take(8 * rows),
    weights: set.weights === undefined ? 0 : plan.take(8 * rows),
    weightUnits: set.weightUnits === undefined ? 0 : plan.take(8 * rows),
    records: plan.take(recordBytes),
  };
  // After the records, so that the address of a record tells whether it is an original or a gathered copy.
  const gathered = isLarge ? plan.take(recordBytes) : 0;
  return { ...planned, gathered, origins: isLarge ? plan.take(4 * rows) : 0 };
}

/** Where everything lies in the kernel's memory. */
export type KernelLayout = ReturnType<typeof planKernelMemory>;

/** Copies the training set into the kernel's memory, with the rows in the order of their targets. */
export function loadTrainingSet(
  { run, bytes, words, floats }: ForestKernel,
  at: KernelLayout,
  set: TrainingSet,
  minSamplesLeaf: number,
): void {
  const { binned, order, target, targetCodes, units, weights, weightUnits } = set;
  const { rows } = binned;
  run.layOut(
    rows,
    at.records,
    at.recordShift,
    at.bagged,
    at.spare,
    at.counts,
    at.order,
    at.target,
    at.targetCodes,
    at.units,
    at.weights,
    at.weightUnits,
    at.gathered,
    at.origins,
    2 ** bitsForCount(rows),
    minSamplesLeaf,
  );
  words.set(order, at.order / 4);
  const codes = new Uint16Array(bytes.buffer, at.targetCodes, rows);
  for (let rank = 0; rank < rows; rank++) {
    const row = order[rank];
    floats[at.target / 8 + rank] = target[row];
    floats[at.units / 8 + rank] = units[row];
    codes[rank] = targetCodes[row];
  }
  if (weights !== undefined && weightUnits !== undefined) {
    for (let rank = 0; rank < rows; rank++) {
      floats[at.weights / 8 + rank] = weights[order[rank]];
      floats[at.weightUnits / 8 + rank] = weightUnits[order[rank]];
    }
  }
  for (let feature = 0; feature < binned.featureNames.length; feature++) {
    // The memory of the tree's row list is free until the first tree is grown.
    bytes.set(binned.codes.subarray(feature * rows, (feature + 1) * rows), at.bagged);
    run.spreadCodes(at.bagged, recordHead + feature);
  }
}
