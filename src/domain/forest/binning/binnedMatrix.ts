import type { FeatureMatrix } from '../../features/matrix.ts';
import { ForestInputError } from '../inputError.ts';
import { findBinEdges } from './binEdges.ts';
import { ColumnEncoder } from './encodeColumn.ts';

/** The bin code of a missing value, in matrices of one byte a code. */
export const missingCode = 255;

/**
 * A feature matrix as bin codes, one byte each: feature `j` of row `i` stands at `codes[j * rows + i]`; 255 is
 * missing. It is made once and used by every forest that is trained on this matrix with the same `maxBins`.
 */
export interface BinnedMatrix {
  readonly featureNames: readonly string[];
  readonly rows: number;
  readonly codes: Uint8Array<SharedArrayBuffer>;
  /** Ascending thresholds of each feature: code `b` means above edge `b - 1` and at or below edge `b`. */
  readonly edges: readonly Float64Array[];
  readonly maxBins: number;
  readonly seed: number;
}

/** Room for the codes of `matrix`, `rows x features`, to be filled column by column with {@link binColumn}. */
export function allocateCodes(matrix: FeatureMatrix): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(matrix.rows * matrix.featureNames.length));
}

/** Finds the edges of column `feature` of `matrix` and writes its codes. Returns the edges. */
export function binColumn(
  matrix: FeatureMatrix,
  feature: number,
  codes: Uint8Array,
  maxBins: number,
  seed: number,
  encoder = new ColumnEncoder(),
): Float64Array {
  const [from, to] = [feature * matrix.rows, (feature + 1) * matrix.rows];
  const column = matrix.values.subarray(from, to);
  const edges = findBinEdges(column, maxBins, seed);
  encoder.encode(column, edges, codes.subarray(from, to));
  return edges;
}

/**
 * Bins a whole matrix in the calling thread.
 *
 * @param maxBins the most bins of a feature, 2 to 255.
 * @param seed the seed of the sample that places the edges.
 * @throws ForestInputError if two features have the same name.
 */
export function binMatrix(matrix: FeatureMatrix, maxBins: number, seed: number): BinnedMatrix {
  demandUniqueNames(matrix.featureNames);
  const codes = allocateCodes(matrix);
  const encoder = new ColumnEncoder();
  const edges = matrix.featureNames.map((_, feature) =>
    binColumn(matrix, feature, codes, maxBins, seed, encoder),
  );
  return { featureNames: matrix.featureNames, rows: matrix.rows, codes, edges, maxBins, seed };
}

/** @throws ForestInputError if two features have the same name. */
export function demandUniqueNames(featureNames: readonly string[]): void {
  const repeated = featureNames.find((name, index) => featureNames.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new ForestInputError(
    `Two features of the matrix are named "${repeated}".`,
    'Give each feature its own name.',
    {
      feature: repeated,
    },
  );
}
