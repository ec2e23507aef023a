import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import { type BinnedMatrix, binColumn } from '../../src/domain/forest/binning/binnedMatrix.ts';
import type { TrainingSet } from '../../src/domain/forest/binning/trainingSet.ts';
import { createEngine } from '../../src/domain/forest/engine/createEngine.ts';
import { trainMlRandomForest } from '../../src/domain/forest/exchange/trainMlRandomForest.ts';
import type { Forest } from '../../src/domain/forest/forest.ts';
import { TreeGrower } from '../../src/domain/forest/growing/growTree.ts';
import { fitLinearLeaves, type LinearLeaves } from '../../src/domain/forest/growing/linearLeaves.ts';
import { type BagBits, bitsOfTree, predictOutOfBag } from '../../src/domain/forest/growing/outOfBag.ts';
import type { GrownTree } from '../../src/domain/forest/packedTrees.ts';
import type { ForestParams } from '../../src/domain/forest/params.ts';
import { predictRows } from '../../src/domain/forest/predicting/predict.ts';
import { predictQuantiles } from '../../src/domain/forest/predicting/quantiles.ts';
import { poolTask } from './taskAnswer.ts';

/** Bins one feature into `codes`, which is shared. Returns its edges. */
export const binFeature = poolTask(
  (task: {
    readonly matrix: FeatureMatrix;
    readonly feature: number;
    readonly codes: Uint8Array<SharedArrayBuffer>;
    readonly maxBins: number;
    readonly seed: number;
  }): Float64Array => binColumn(task.matrix, task.feature, task.codes, task.maxBins, task.seed),
);

/** A tree and its number. */
export interface NumberedTree {
  readonly number: number;
  readonly tree: GrownTree;
}

/**
 * Grows trees, taking the number of each from the shared counter `next`, until all are taken or `most` are grown,
 * and notes in the shared `bag` which rows they saw.
 */
export const growTrees = poolTask(
  (task: {
    readonly set: TrainingSet;
    readonly params: ForestParams;
    readonly bag: BagBits | undefined;
    readonly next: Int32Array<SharedArrayBuffer>;
    readonly most: number;
  }): NumberedTree[] => {
    const { set, params, bag, next, most } = task;
    const trees: NumberedTree[] = [];
    let grower: TreeGrower | undefined;
    while (trees.length < most) {
      const number = Atomics.add(next, 0, 1);
      if (number >= params.trees) break;
      grower ??= new TreeGrower(set, params, createEngine(set, params));
      trees.push({
        number,
        tree: grower.grow(number, bag === undefined ? undefined : bitsOfTree(bag, number)),
      });
    }
    return trees;
  },
);

/** Fits lines to the leaves of some trees into their places in the shared `leaves`. */
export const fitLinearLeavesTask = poolTask(
  (task: {
    readonly forest: Forest;
    readonly data: BinnedMatrix;
    readonly target: Float64Array;
    readonly regressor: Float64Array;
    readonly trees: { readonly from: number; readonly to: number };
    readonly leaves: LinearLeaves;
  }): void => fitLinearLeaves(task.forest, task.data, task.target, task.regressor, task.trees, task.leaves),
);

/** Predicts rows of a matrix into their places in the shared `predictions`. */
export const predictForestRows = poolTask(
  (task: {
    readonly forest: Forest;
    readonly matrix: FeatureMatrix;
    readonly from: number;
    readonly to: number;
    readonly predictions: Float64Array<SharedArrayBuffer>;
  }): void =>
    predictRows(task.forest, task.matrix, task.from, task.to, task.predictions.subarray(task.from, task.to)),
);

/** Predicts training rows out of bag into their places in the shared `predictions`. */
export const predictRowsOutOfBag = poolTask(
  (task: {
    readonly forest: Forest;
    readonly binned: BinnedMatrix;
    readonly bag: BagBits;
    readonly from: number;
    readonly to: number;
    readonly predictions: Float64Array<SharedArrayBuffer>;
  }): void => {
    const own = task.predictions.subarray(task.from, task.to);
    predictOutOfBag(task.forest, task.binned, task.bag, task.from, task.to, own);
  },
);

/** Predicts quantiles of rows of a matrix into their places in the shared `quantiles`, one array a level. */
export const predictForestQuantiles = poolTask(
  (task: {
    readonly forest: Forest;
    readonly matrix: FeatureMatrix;
    readonly levels: readonly number[];
    readonly from: number;
    readonly to: number;
    readonly quantiles: readonly Float64Array<SharedArrayBuffer>[];
  }): void => {
    const { forest, matrix, levels, from, to } = task;
    const found = new Float64Array(levels.length * (to - from));
    predictQuantiles(forest, matrix, levels, from, to, found);
    task.quantiles.forEach((level, index) => {
      level.set(found.subarray(index * (to - from), (index + 1) * (to - from)), from);
    });
  },
);

/** Trains with the library `ml-random-forest`. */
export const trainWithMlRandomForest = poolTask(
  (task: {
    readonly matrix: FeatureMatrix;
    readonly target: Float64Array;
    readonly params: ForestParams;
    readonly isForced: boolean;
  }): Forest => trainMlRandomForest(task.matrix, task.target, task.params, { isForced: task.isForced }),
);
