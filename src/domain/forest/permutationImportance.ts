import { rmseOf } from '../evaluation/metrics.ts';
import { allocateMatrix, type FeatureMatrix } from '../features/matrix.ts';
import { Random } from '../random.ts';
import type { Forest } from './forest.ts';
import { predictRows } from './predict.ts';

/** How much worse the forecast becomes when one feature is shuffled. */
export interface FeatureImportance {
  readonly feature: string;
  /** Mean rise of the root mean squared error when the feature is shuffled, in units of the target. */
  readonly rmseRise: number;
  /** Standard deviation of the rise over the repeats; 0 for one repeat. */
  readonly spread: number;
}

const shuffleStream = 0x70_65_72_6d;

/**
 * The rise of the error when the values of one feature are shuffled among the rows (Breiman 2001; Fisher, Rudin and
 * Dominici 2019). Measure it on rows of months that the forest has not seen.
 *
 * @param matrix features of these rows. @param actual their true targets.
 * @param feature index into the forest's feature names.
 * @param repeats the number of shuffles to average over, from 1.
 * @param seed the seed of the shuffles; they also depend on the name of the feature, but not on its column.
 */
export function permutationImportance(
  forest: Forest,
  matrix: FeatureMatrix,
  actual: Float64Array,
  feature: number,
  repeats: number,
  seed: number,
): FeatureImportance {
  const name = forest.featureNames[feature];
  const predicted = new Float64Array(matrix.rows);
  const error = (on: FeatureMatrix): number => {
    predictRows(forest, on, 0, on.rows, predicted);
    return rmseOf(predicted, actual);
  };
  const baseline = error(matrix);
  const random = new Random(seed ^ hashOf(name), shuffleStream);
  const shuffled = allocateMatrix(matrix.featureNames, matrix.rows);
  shuffled.values.set(matrix.values);
  const at = matrix.featureNames.indexOf(name) * matrix.rows;
  const column = shuffled.values.subarray(at, at + matrix.rows);
  const rises: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    // Fisher and Yates, as Durstenfeld wrote it down in 1964.
    for (let last = column.length - 1; last > 0; last--) {
      const other = random.below(last + 1);
      const value = column[other];
      column[other] = column[last];
      column[last] = value;
    }
    rises.push(error(shuffled) - baseline);
  }
  const mean = rises.reduce((sum, rise) => sum + rise, 0) / repeats;
  const squares = rises.reduce((sum, rise) => sum + (rise - mean) ** 2, 0);
  return { feature: name, rmseRise: mean, spread: repeats > 1 ? Math.sqrt(squares / (repeats - 1)) : 0 };
}

/** FNV-1a over the UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
