import type { FeatureMatrix } from '../features/matrix.ts';
import { toGrid } from '../forest/forest.ts';
import { blockRows, createLeafFinder } from '../forest/leafFinder.ts';
import { matchColumns } from '../forest/matchColumns.ts';
import { addLeafValues, inBlocks } from '../forest/predict.ts';
import type { Booster } from './booster.ts';
import { linkOf, toMean } from './link.ts';

/**
 * Predictions of a booster, in blocks of rows.
 *
 * @param from first row of `matrix` to predict. @param to the row after the last.
 * @param predictions receives one number a row, from index 0 on.
 * @throws ForestInputError if the matrix lacks a feature of the booster.
 */
export function predictBoosterRows(
  booster: Booster,
  matrix: FeatureMatrix,
  from: number,
  to: number,
  predictions: Float64Array,
): void {
  const link = linkOf(booster.params);
  const columns = matchColumns(booster, matrix.featureNames);
  const finder = createLeafFinder(booster, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    finder.encode(matrix, columns, first, last);
    const scores = predictions.subarray(first - from, last - from).fill(booster.base);
    addLeafValues(booster, finder, scores);
    for (let i = 0; i < scores.length; i++) scores[i] = toMean(link, toGrid(scores[i], booster.quantum));
  });
}
