import { type BoostingParams, completeBoostingParams } from '../../boosting/boostingParams.ts';
import type { ForestParams } from '../../forest/params.ts';
import type { TargetForm } from '../../targets/targetForm.ts';

/** What contenders are grown with. */
export interface ContenderParams {
  /** Of both forests. */
  readonly forest: ForestParams;
  /** Share of the training labels above which they are cut to that quantile (winsorised); null leaves them. */
  readonly winsorise: number | null;
}

/** Most boosted trees that early stopping may choose. */
const MOST_BOOSTED_TREES = 400;
/** What is grown where no earlier months say how many trees are best. */
export const USUAL_BOOSTED_TREES = 50;
/** Fewest customers in a leaf of a boosted tree, each counted once however many cutoffs show it. */
const BOOSTED_LEAF_CUSTOMERS = 5;
const LEAST_BOOSTED_LEAF = 20;
/** Share of the rows that a tree of a forest sees where several cutoffs show the same customers. */
const FOREST_ROWS_SHARE = 0.4;
/** Rows that a tree of a forest sees at most: each more costs time, and the trees differ less. */
const MOST_ROWS_OF_TREE = 40_000;

/**
 * Shallow trees and small steps, each on a part of rows and features (stochastic gradient boosting, Friedman 2002): what
 * noisy targets ask for. Tweedie with power 1.5: many zeros, and a spread that grows with the mean.
 *
 * @param trees fixed; null to have early stopping find how many. @param cutoffs how many the rows are of.
 */
export function boostedParams(
  trees: number | null,
  cutoffs: number,
  { maxBins, seed }: ForestParams,
): BoostingParams {
  return completeBoostingParams({
    loss: 'tweedie',
    tweediePower: TWEEDIE_POWER,
    trees: trees ?? MOST_BOOSTED_TREES,
    learningRate: 0.05,
    maxDepth: 3,
    minSamplesLeaf: Math.max(LEAST_BOOSTED_LEAF, BOOSTED_LEAF_CUSTOMERS * cutoffs),
    rowsShare: 0.7,
    featuresShare: 0.7,
    maxBins,
    seed,
  });
}

const TWEEDIE_POWER = 1.5;

/**
 * The target of the boosted trees: the ratio to what btyd forecasts. With these weights the Tweedie deviance of the
 * ratio is that of the target itself, with the logarithm of the forecast as an offset.
 */
export const BOOSTED_TARGET: TargetForm = { kind: 'ratio', weightPower: 2 - TWEEDIE_POWER };

/**
 * What the forests of the contenders are grown with: a leaf holds as many customers as `params` say, and a row of each
 * for every cutoff.
 *
 * @param rows of all cutoffs.
 */
export function forestParamsOf(params: ForestParams, cutoffs: number, rows: number): ForestParams {
  const share = params.rowsShare * (cutoffs === 1 ? 1 : FOREST_ROWS_SHARE);
  return {
    ...params,
    minSamplesLeaf: params.minSamplesLeaf * cutoffs,
    rowsShare: Math.min(share, MOST_ROWS_OF_TREE / rows),
    leafQuantiles: false,
  };
}
