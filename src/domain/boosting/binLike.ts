import type { FeatureMatrix } from '../features/matrix.ts';
import { allocateCodes, type BinnedMatrix } from '../forest/binning/binnedMatrix.ts';
import { ColumnEncoder } from '../forest/binning/encodeColumn.ts';
import { matchColumns } from '../forest/predicting/matchColumns.ts';

/**
 * Bins other rows by the thresholds of a matrix that was binned before.
 *
 * @param matrix has at least the features of `binned`, in any order.
 * @throws ForestInputError if a feature is lacking.
 */
export function binLike(matrix: FeatureMatrix, binned: BinnedMatrix): BinnedMatrix {
  const columns = matchColumns(binned, matrix.featureNames);
  const { rows } = matrix;
  const codes = allocateCodes({ ...matrix, featureNames: binned.featureNames });
  const encoder = new ColumnEncoder();
  columns.forEach((column, feature) => {
    const values = matrix.values.subarray(column * rows, (column + 1) * rows);
    encoder.encode(values, binned.edges[feature], codes.subarray(feature * rows, (feature + 1) * rows));
  });
  return { ...binned, rows, codes };
}
