import { rmseOf } from '../../evaluation/metrics.ts';
import { allocateMatrix, columnOf, type FeatureMatrix } from '../../features/matrix.ts';
import { Random } from '../../random.ts';

/** How much worse a forecast becomes when one feature is shuffled. */
export interface FeatureImportance {
  readonly feature: string;
  /** Mean rise of the root mean squared error when the feature is shuffled, in units of the target. */
  readonly rmseRise: number;
  /** Standard deviation of the rise over the repeats; 0 for one repeat. */
  readonly spread: number;
}

/** How a feature is shuffled. */
export interface Shuffles {
  /** The number of shuffles to average over, from 1. */
  readonly repeats: number;
  /** They also depend on the name of the feature, but not on its column. */
  readonly seed: number;
  /** The error without any shuffle, where it is known already. */
  readonly rmse?: number;
}

const shuffleStream = 0x70_65_72_6d;

/**
 * The rise of the error when the values of one feature are shuffled among the rows (Breiman 2001; Fisher, Rudin and
 * Dominici 2019). Measure it on rows of months that the model has not seen.
 *
 * @param predict what the model makes of such rows, one number a row, in the unit of the target.
 * @param matrix features of these rows. @param actual their true targets.
 * @param feature the name of one of them.
 * @throws RangeError for a feature that the matrix does not have.
 */
export function permutationImportance(
  predict: (matrix: FeatureMatrix) => Float64Array,
  matrix: FeatureMatrix,
  actual: Float64Array,
  feature: string,
  { repeats, seed, rmse = rmseOf(predict(matrix), actual) }: Shuffles,
): FeatureImportance {
  const random = new Random(seed ^ hashOf(feature), shuffleStream);
  const shuffled = allocateMatrix(matrix.featureNames, matrix.rows);
  shuffled.values.set(matrix.values);
  const column = columnOf(shuffled, feature);
  const rises: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    // Fisher and Yates, as Durstenfeld wrote it down in 1964.
    for (let last = column.length - 1; last > 0; last--) {
      const other = random.below(last + 1);
      const value = column[other];
      column[other] = column[last];
      column[last] = value;
    }
    rises.push(rmseOf(predict(shuffled), actual) - rmse);
  }
  const mean = rises.reduce((sum, rise) => sum + rise, 0) / repeats;
  const squares = rises.reduce((sum, rise) => sum + (rise - mean) ** 2, 0);
  return { feature, rmseRise: mean, spread: repeats > 1 ? Math.sqrt(squares / (repeats - 1)) : 0 };
}

/** FNV-1a over the UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
