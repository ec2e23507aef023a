import { evaluateForecast, type ForecastMetrics } from '../../evaluation/metrics.ts';
import type { FeatureMatrix } from '../../features/matrix.ts';
import { type BinnedMatrix, binMatrix } from '../binning/binnedMatrix.ts';
import { prepareTrainingSet } from '../binning/trainingSet.ts';
import { createEngine } from '../engine/createEngine.ts';
import type { CreateEngine } from '../engine/splitEngine.ts';
import type { Forest } from '../forest.ts';
import type { GrownTree } from '../packedTrees.ts';
import type { ForestParams } from '../params.ts';
import { assembleForest } from './assembleForest.ts';
import { TreeGrower } from './growTree.ts';
import { allocateBagBits, bitsOfTree, predictOutOfBag } from './outOfBag.ts';

/**
 * How well the trees predict training rows that they have not seen. These are of the same months, so it is no forecast.
 */
export interface OutOfBag {
  /** For each training row the mean over the trees without it; NaN if every tree has seen it. */
  readonly predictions: Float64Array;
  /** Metrics over the rows that have a prediction; undefined if none has. */
  readonly metrics: ForecastMetrics | undefined;
}

/** A forest and what is known about it from its own training rows. */
export interface TrainedForest {
  readonly forest: Forest;
  /** Undefined if it was not asked for, or if every tree has seen every row. */
  readonly outOfBag: OutOfBag | undefined;
}

/** Options of training besides data and parameters. */
export interface TrainingOptions {
  /** One weight a row, none negative; left out, every row weighs 1. */
  readonly weights?: Float64Array;
  /** Whether to predict out of bag; default true. */
  readonly outOfBag?: boolean;
  /** A JSON object to keep with the forest. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Whether trees grown with these parameters leave rows out of their bags. */
export function leavesRowsOut(params: ForestParams): boolean {
  return params.bootstrap || params.rowsShare < 1;
}

/**
 * Trains a forest in the calling thread. The pool gives the same bytes; this is for small data and for tests.
 *
 * @param data a feature matrix, or one that is already binned with the same `maxBins`.
 * @param target one finite number a row.
 * @param engineOf makes the engine that does the arithmetic; every engine grows the same trees.
 * @throws ForestInputError for data that cannot be trained on.
 */
export function growForest(
  data: FeatureMatrix | BinnedMatrix,
  target: Float64Array,
  params: ForestParams,
  options: TrainingOptions = {},
  engineOf: CreateEngine = createEngine,
): TrainedForest {
  const binned = 'codes' in data ? data : binMatrix(data, params.maxBins, params.seed);
  const set = prepareTrainingSet(binned, target, options.weights);
  const bag =
    (options.outOfBag ?? true) && leavesRowsOut(params)
      ? allocateBagBits(params.trees, binned.rows)
      : undefined;
  const grower = new TreeGrower(set, params, engineOf(set, params));
  const trees: GrownTree[] = [];
  for (let tree = 0; tree < params.trees; tree++) {
    trees.push(grower.grow(tree, bag === undefined ? undefined : bitsOfTree(bag, tree)));
  }
  const forest = assembleForest(set, params, trees, options.metadata ?? {});
  if (bag === undefined) return { forest, outOfBag: undefined };
  const predictions = new Float64Array(binned.rows);
  predictOutOfBag(forest, binned, bag, 0, binned.rows, predictions);
  return { forest, outOfBag: measureOutOfBag(predictions, target) };
}

/** Out-of-bag predictions with their metrics, taken over the rows that have one. */
export function measureOutOfBag(predictions: Float64Array, target: Float64Array): OutOfBag {
  const predicted = predictions.filter((value) => !Number.isNaN(value));
  const actual = target.filter((_, row) => !Number.isNaN(predictions[row]));
  return { predictions, metrics: predicted.length === 0 ? undefined : evaluateForecast(predicted, actual) };
}
