import { type BoostingParams, completeBoostingParams } from '../../boosting/boostingParams.ts';
import type { ForestParams } from '../../forest/params.ts';
import type { TargetForm } from '../../targets/targetForm.ts';

/** What contenders are grown with. */
export interface ContenderParams {
  /** Of both forests. */
  readonly forest: ForestParams;
  /** The quantile of the training labels, 0 to 1, that larger labels are cut to (winsorised); null leaves them. */
  readonly winsorise: number | null;
}

/** Most boosted trees that early stopping may choose. */
const MOST_BOOSTED_TREES = 400;
/** How many boosted trees are grown where no earlier months say which number is best. */
export const DEFAULT_BOOSTED_TREES = 50;
/** Fewest customers in a leaf of a boosted tree, each counted once however many cutoffs show it. */
const BOOSTED_LEAF_CUSTOMERS = 5;
const LEAST_BOOSTED_LEAF = 20;
/** Share of the rows that a tree of a forest sees where several cutoffs show the same customers. */
const FOREST_ROWS_SHARE = 0.4;
/** A tree of a forest sees at most this many rows: more would cost time and make the trees more alike. */
const MOST_ROWS_OF_TREE = 40_000;

/**
 * Shallow trees and small steps, each on a part of the rows and features (stochastic gradient boosting, Friedman 2002), as
 * noisy targets need. The Tweedie loss of power 1.5 suits targets with many zeros and a spread that grows with the mean.
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
 * What the forests of the contenders are grown with: a leaf holds as many customers as `params` say, each with one row for
 * every cutoff.
 *
 * @param cutoffs how many cutoffs the rows are of. @param rows how many rows there are in all.
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
