import type { FeatureMatrix } from '../features/matrix.ts';
import { toGrid } from '../forest/forest.ts';
import type { LinearLeaves } from '../forest/growing/linearLeaves.ts';
import { blockRows, createLeafFinder, type LeafFinder } from '../forest/predicting/leafFinder.ts';
import { matchColumns } from '../forest/predicting/matchColumns.ts';
import { addLeafValues, inBlocks } from '../forest/predicting/predict.ts';
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
  inEncodedBlocks(booster, matrix, from, to, (finder, first, last) => {
    const scores = predictions.subarray(first - from, last - from).fill(booster.base);
    addLeafValues(booster, finder, scores);
    for (let i = 0; i < scores.length; i++) scores[i] = toMean(link, toGrid(scores[i], booster.quantum));
  });
}

/**
 * Like {@link predictBoosterRows}, for a booster whose leaves are lines.
 *
 * @param regressor what they are lines in, one number for each row of `matrix`.
 */
export function predictLinearBoosterRows(
  booster: Booster,
  lines: LinearLeaves,
  matrix: FeatureMatrix,
  regressor: Float64Array,
  from: number,
  to: number,
  predictions: Float64Array,
): void {
  const link = linkOf(booster.params);
  inEncodedBlocks(booster, matrix, from, to, (finder, first, last) => {
    const scores = predictions.subarray(first - from, last - from).fill(booster.base);
    const [slopes, shifts] = [new Float64Array(last - first), new Float64Array(last - first)];
    addLeafValues(booster, finder, scores);
    addLeafValues({ ...booster, values: lines.slopes }, finder, slopes);
    addLeafValues({ ...booster, values: lines.shifts }, finder, shifts);
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i] + slopes[i] * regressor[first + i] - shifts[i];
      scores[i] = toMean(link, toGrid(score, booster.quantum));
    }
  });
}

/** Calls `visit` with the first row of each block, the row after its last, and what finds the leaves of its rows. */
function inEncodedBlocks(
  booster: Booster,
  matrix: FeatureMatrix,
  from: number,
  to: number,
  visit: (finder: LeafFinder, first: number, last: number) => void,
): void {
  const columns = matchColumns(booster, matrix.featureNames);
  const finder = createLeafFinder(booster, Math.min(blockRows, to - from));
  inBlocks(from, to, (first, last) => {
    finder.encode(matrix, columns, first, last);
    visit(finder, first, last);
  });
}
