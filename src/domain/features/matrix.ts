import { sharedFloats } from '../sharedFloats.ts';

/**
 * A table of numbers, one row a customer and one column a feature.
 *
 * `values` is column-major: feature `j` of row `i` stands at `values[j * rows + i]`. A missing value is NaN.
 * The buffer is shared, so that worker threads read it without copying.
 */
export interface FeatureMatrix {
  readonly featureNames: readonly string[];
  readonly rows: number;
  readonly values: Float64Array<SharedArrayBuffer>;
}

/** A matrix of zeros on a new shared buffer. */
export function allocateMatrix(featureNames: readonly string[], rows: number): FeatureMatrix {
  return { featureNames, rows, values: sharedFloats(rows * featureNames.length) };
}

/** Column `feature` as a view, not a copy. Throws RangeError for a name that the matrix does not have. */
export function columnOf(matrix: FeatureMatrix, feature: string): Float64Array<SharedArrayBuffer> {
  const index = matrix.featureNames.indexOf(feature);
  if (index < 0)
    throw new RangeError(`The matrix has no feature "${feature}"; it has ${matrix.featureNames.join(', ')}.`);
  return matrix.values.subarray(index * matrix.rows, (index + 1) * matrix.rows);
}

/** The matrix of some rows, in the order of `rows`. */
export function pickRows(matrix: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const picked = allocateMatrix(matrix.featureNames, rows.length);
  matrix.featureNames.forEach((_, feature) => {
    rows.forEach((row, at) => {
      picked.values[feature * rows.length + at] = matrix.values[feature * matrix.rows + row];
    });
  });
  return picked;
}
