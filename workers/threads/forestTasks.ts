import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import { type BinnedMatrix, binColumn } from '../../src/domain/forest/binnedMatrix.ts';
import type { Forest, GrownTree } from '../../src/domain/forest/forest.ts';
import { TreeGrower } from '../../src/domain/forest/growTree.ts';
import { type BagBits, bitsOfTree, predictOutOfBag } from '../../src/domain/forest/outOfBag.ts';
import type { ForestParams } from '../../src/domain/forest/params.ts';
import { predictRows } from '../../src/domain/forest/predict.ts';
import type { TrainingSet } from '../../src/domain/forest/trainingSet.ts';
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

/** Grows the trees from `from` up to, not including, `to`, and notes in the shared `bag` which rows they saw. */
export const growTrees = poolTask(
  (task: {
    readonly set: TrainingSet;
    readonly params: ForestParams;
    readonly bag: BagBits | undefined;
    readonly from: number;
    readonly to: number;
  }): GrownTree[] => {
    const grower = new TreeGrower(task.set, task.params);
    const trees: GrownTree[] = [];
    for (let tree = task.from; tree < task.to; tree++) {
      trees.push(grower.grow(tree, task.bag === undefined ? undefined : bitsOfTree(task.bag, tree)));
    }
    return trees;
  },
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
