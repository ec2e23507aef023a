import { allocateMatrix, type FeatureMatrix } from './matrix.ts';

/** `most` rows of `rows`, spread evenly over them, in ascending order; all of them where there are not so many. */
export function evenRows(rows: number, most: number): Uint32Array {
  const taken = Math.min(rows, most);
  return Uint32Array.from({ length: taken }, (_, i) => Math.floor((i * rows) / taken));
}

/** The matrix of some of the rows, in the order in which they are named. */
export function takeRows(matrix: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const taken = allocateMatrix(matrix.featureNames, rows.length);
  matrix.featureNames.forEach((_, feature) => {
    rows.forEach((row, i) => {
      taken.values[feature * rows.length + i] = matrix.values[feature * matrix.rows + row];
    });
  });
  return taken;
}
