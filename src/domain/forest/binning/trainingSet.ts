import { asSharedFloats, sharedFloats } from '../../sharedFloats.ts';
import { counted } from '../../words/counted.ts';
import { ForestInputError } from '../inputError.ts';
import type { BinnedMatrix } from './binnedMatrix.ts';
import { sortFloats } from './sortFloats.ts';

/**
 * What every tree of one forest reads, all of it on shared buffers.
 *
 * Split search works on whole numbers: the target becomes `units`, the number of steps of `1 / scale` from `origin`.
 * `scale` is a power of two, so small that the sum over all rows stays below 2^53. Sums of units are then exact in a
 * Float64, so neither the order of adding, nor the number of threads, nor subtracting a sibling's histogram can change
 * a split.
 */
export interface TrainingSet {
  readonly binned: BinnedMatrix;
  /** The target as given, one number a row. */
  readonly target: Float64Array<SharedArrayBuffer>;
  /** Weight of each row as given; undefined where all weigh the same. */
  readonly weights: Float64Array<SharedArrayBuffer> | undefined;
  /** The target in whole steps from `origin`. */
  readonly units: Float64Array<SharedArrayBuffer>;
  /**
   * Weights in whole steps, 1024 for the largest (fewer above two million rows); undefined where all weigh the same.
   */
  readonly weightUnits: Float64Array<SharedArrayBuffer> | undefined;
  readonly origin: number;
  readonly scale: number;
  /** Row numbers in the order of ascending target units, ties in the order of rows. */
  readonly order: Uint32Array<SharedArrayBuffer>;
  /** For each row the index of its target in `leafTargets`. */
  readonly targetCodes: Uint16Array<SharedArrayBuffer>;
  /** Ascending target values that leaf summaries refer to: all different ones, or 65,536 of them. */
  readonly leafTargets: Float64Array<SharedArrayBuffer>;
}

/** Larger targets would overflow when they are squared or subtracted. */
const largestTarget = 1e150;

/** The number of bits that a count of up to `rows` needs. */
export function bitsForCount(rows: number): number {
  return Math.ceil(Math.log2(rows + 1));
}

/** The most steps of a weight with which the weight and the row count of a node fit together in one Float64. */
function weightSteps(rows: number): number {
  return Math.min(1024, 2 ** (53 - 2 * bitsForCount(rows)));
}

/**
 * Checks target and weights and puts them into the form that trees are grown from.
 *
 * @param target one finite number a row of `binned`.
 * @param weights one number a row, none negative, not all zero; left out, every row weighs 1.
 * @throws ForestInputError for no rows, lengths that differ, or a number that is not allowed.
 */
export function prepareTrainingSet(
  binned: BinnedMatrix,
  target: Float64Array,
  weights?: Float64Array,
): TrainingSet {
  const { rows } = binned;
  const { lowest, highest } = demandTarget(target, rows);
  const weightUnits = weights === undefined ? undefined : quantiseWeights(weights, rows);
  const largestWeight = weightUnits === undefined ? 1 : weightSteps(rows);
  const sumBound = (highest - lowest) * rows * largestWeight;
  // Two of the 53 bits are kept free: for rounding, and for the row number that `rankTargets` adds to each unit.
  const scale = sumBound > 0 ? 2 ** Math.max(-1000, Math.min(1000, Math.floor(51 - Math.log2(sumBound)))) : 1;
  const units = sharedFloats(rows);
  for (let row = 0; row < rows; row++) units[row] = Math.round((target[row] - lowest) * scale);
  return {
    binned,
    target: asSharedFloats(target),
    weights: weightUnits === undefined ? undefined : asSharedFloats(weights!),
    units,
    weightUnits,
    origin: lowest,
    scale,
    ...rankTargets(target, units),
  };
}

/**
 * The range of the target.
 *
 * @throws ForestInputError for no rows, too many, a length that differs, or a number that is not allowed.
 */
export function demandTarget(
  target: Float64Array,
  rows: number,
): { readonly lowest: number; readonly highest: number } {
  if (rows === 0) {
    throw new ForestInputError(
      'There are no rows to train a forest on.',
      'Choose a window with customers in it.',
    );
  }
  if (rows > 2 ** 26) {
    throw new ForestInputError(
      `${rows} rows are more than a forest takes.`,
      `Train on at most ${2 ** 26} rows.`,
      { rows },
    );
  }
  if (target.length !== rows) {
    throw new ForestInputError(
      `The target has ${counted(target.length, 'value')} and the matrix ${counted(rows, 'row')}.`,
      'Hand over one target value a row.',
      { targets: target.length, rows },
    );
  }
  let lowest = Infinity;
  let highest = -Infinity;
  for (let row = 0; row < rows; row++) {
    const value = target[row];
    if (!(Math.abs(value) <= largestTarget)) {
      throw new ForestInputError(
        `The target of row ${row} is ${value}.`,
        'Every target must be a number from -1e150 to 1e150.',
        {
          row,
        },
      );
    }
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest };
}

/** How many values a target code of two bytes can have. */
const mostTargets = 65_536;

/** Orders the rows by target and numbers the different targets. */
function rankTargets(
  target: Float64Array,
  units: Float64Array,
): Pick<TrainingSet, 'order' | 'targetCodes' | 'leafTargets'> {
  const rows = units.length;
  const countStep = 2 ** bitsForCount(rows);
  // Units stay below 2^51 / rows, so a unit and its row number fit together into one whole number of a Float64.
  const keys = sortFloats(units.map((unit, row) => unit * countStep + row));
  const order = new Uint32Array(new SharedArrayBuffer(rows * Uint32Array.BYTES_PER_ELEMENT));
  let different = 0;
  for (let rank = 0; rank < rows; rank++) {
    order[rank] = keys[rank] % countStep;
    if (rank === 0 || units[order[rank]] > units[order[rank - 1]]) different++;
  }
  const targetCodes = new Uint16Array(new SharedArrayBuffer(rows * Uint16Array.BYTES_PER_ELEMENT));
  const leafTargets = sharedFloats(Math.min(different, mostTargets));
  let step = 0;
  for (let rank = 0; rank < rows; rank++) {
    const row = order[rank];
    const isNew = rank === 0 || units[row] > units[order[rank - 1]];
    if (isNew) step++;
    const code = different <= mostTargets ? step - 1 : Math.floor(((step - 1) / different) * mostTargets);
    if (isNew) leafTargets[code] = target[row];
    targetCodes[row] = code;
  }
  return { order, targetCodes, leafTargets };
}

/** Weights in whole steps, or undefined where all weights are the same. */
function quantiseWeights(weights: Float64Array, rows: number): Float64Array<SharedArrayBuffer> | undefined {
  const largest = demandWeights(weights, rows);
  if (weights.every((weight) => weight === largest)) return undefined;
  const most = weightSteps(rows);
  const steps = sharedFloats(rows);
  for (let row = 0; row < rows; row++) steps[row] = Math.ceil((weights[row] / largest) * most);
  return steps;
}

/**
 * The largest weight.
 *
 * @throws ForestInputError for a length that differs, a weight that is not allowed, or none above zero.
 */
export function demandWeights(weights: Float64Array, rows: number): number {
  if (weights.length !== rows) {
    throw new ForestInputError(
      `${counted(rows, 'row')} came with ${counted(weights.length, 'weight')}.`,
      'Hand over one weight a row, or none at all.',
      { weights: weights.length, rows },
    );
  }
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row];
    if (!(weight >= 0 && weight < Infinity)) {
      throw new ForestInputError(
        `The weight of row ${row} is ${weight}.`,
        'Weights are finite and not negative.',
        { row },
      );
    }
    if (weight > largest) largest = weight;
  }
  if (largest === 0) throw new ForestInputError('All weights are zero.', 'Give at least one row a weight.');
  return largest;
}
