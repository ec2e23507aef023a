import type { FeatureMatrix } from '../features/matrix.ts';
import { type Explanation, followPaths, toExplanation } from '../forest/predicting/contributions.ts';
import type { Booster } from './booster.ts';

/**
 * Splits the score of one row over the features, as `explainRow` splits a forest's prediction. With the identity link
 * the score is the prediction; with the logarithm, `exp` of a contribution is the factor that the feature brings.
 *
 * @throws ForestInputError if the matrix lacks a feature of the booster.
 */
export function explainScore(booster: Booster, matrix: FeatureMatrix, row: number): Explanation {
  const { leaves, roots, moves } = followPaths(booster, matrix, row, booster.base);
  return toExplanation(leaves, roots, moves, booster.quantum);
}
