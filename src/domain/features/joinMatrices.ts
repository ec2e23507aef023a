import { sharedFloats } from '../sharedFloats.ts';
import { allocateMatrix, type FeatureMatrix } from './matrix.ts';

/** One matrix of the rows of several, one after the other. @param matrices at least one, all of the same features. */
export function joinMatrices(matrices: readonly FeatureMatrix[]): FeatureMatrix {
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const joined = allocateMatrix(matrices[0].featureNames, rows);
  joined.featureNames.forEach((_, feature) => {
    let at = feature * rows;
    for (const matrix of matrices) {
      joined.values.set(matrix.values.subarray(feature * matrix.rows, (feature + 1) * matrix.rows), at);
      at += matrix.rows;
    }
  });
  return joined;
}

/** One column of the numbers of several, one after the other, on a shared buffer. */
export function joinColumns(columns: readonly Float64Array[]): Float64Array<SharedArrayBuffer> {
  const joined = sharedFloats(columns.reduce((sum, column) => sum + column.length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}
