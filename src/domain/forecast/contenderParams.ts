import { type BoostingParams, completeBoostingParams } from '../boosting/boostingParams.ts';
import type { ForestParams } from '../forest/params.ts';

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
export const USUAL_BOOSTED_TREES = 150;

/**
 * Shallow trees and small steps, each on a part of rows and features (stochastic gradient boosting, Friedman 2002): what
 * noisy targets ask for. Tweedie with power 1.5: many zeros, and a spread that grows with the mean.
 *
 * @param trees fixed; null to have early stopping find how many.
 */
export function boostedParams(trees: number | null, { maxBins, seed }: ForestParams): BoostingParams {
  return completeBoostingParams({
    loss: 'tweedie',
    tweediePower: 1.5,
    trees: trees ?? MOST_BOOSTED_TREES,
    learningRate: 0.05,
    maxDepth: 4,
    minSamplesLeaf: 20,
    rowsShare: 0.7,
    featuresShare: 0.7,
    maxBins,
    seed,
  });
}
