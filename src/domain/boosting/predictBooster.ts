import type { FeatureMatrix } from '../features/matrix.ts';
import type { BinnedMatrix } from '../forest/binnedMatrix.ts';
import { toGrid } from '../forest/forest.ts';
import { blockRows, createLeafFinder, type LeafFinder } from '../forest/leafFinder.ts';
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
  const columns = matchColumns(booster, matrix.featureNames);
  const finder = createLeafFinder(booster, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    finder.encode(matrix, columns, first, last);
    predictBlock(booster, finder, predictions.subarray(first - from, last - from));
  });
}

/** As {@link predictBoosterRows}, from a matrix that was binned with the edges of the booster. */
export function predictBoosterBinnedRows(
  booster: Booster,
  binned: BinnedMatrix,
  from: number,
  to: number,
  predictions: Float64Array,
): void {
  const finder = createLeafFinder(booster, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    finder.copy(binned, first, last);
    predictBlock(booster, finder, predictions.subarray(first - from, last - from));
  });
}

function predictBlock(booster: Booster, finder: LeafFinder, predictions: Float64Array): void {
  const link = linkOf(booster.params);
  predictions.fill(booster.base);
  addLeafValues(booster, finder, predictions);
  for (let i = 0; i < predictions.length; i++)
    predictions[i] = toMean(link, toGrid(predictions[i], booster.quantum));
}
