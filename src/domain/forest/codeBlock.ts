import type { FeatureMatrix } from '../features/matrix.ts';
import { type BinnedMatrix, encodeColumn } from './binnedMatrix.ts';
import { edgesOf, type Forest, missingCodeOf } from './forest.ts';
import { ForestInputError } from './inputError.ts';

/** Rows that are sent through a tree together: small enough that their codes stay in the second-level cache. */
export const blockRows = 2048;

/** Bin codes of a block of rows, row after row. */
export type CodeBlock = Uint8Array | Uint16Array;

/** Memory for the codes of `rows` rows of this forest: one byte a code, or two for an imported forest of many thresholds. */
export function allocateBlock(forest: Forest, rows: number): CodeBlock {
  const size = rows * forest.featureNames.length;
  return missingCodeOf(forest) === 255 ? new Uint8Array(size) : new Uint16Array(size);
}

/**
 * For each feature of the forest, the number of the matrix column that holds it.
 *
 * @throws ForestInputError naming the features that the matrix lacks. Further columns are no error.
 */
export function matchColumns(forest: Forest, matrixFeatures: readonly string[]): Uint32Array {
  const lacking = forest.featureNames.filter((name) => !matrixFeatures.includes(name));
  if (lacking.length > 0) {
    throw new ForestInputError(
      `The matrix lacks ${lacking.length} of the model's features: ${lacking.join(', ')}.`,
      'Compute the features with the same version of the program that trained the model, or train anew.',
      { lacking },
    );
  }
  return Uint32Array.from(forest.featureNames, (name) => matrixFeatures.indexOf(name));
}

/** Encodes rows `from` up to, not including, `to` of raw features into `block`. */
export function encodeBlock(
  forest: Forest,
  matrix: FeatureMatrix,
  columns: Uint32Array,
  from: number,
  to: number,
  block: CodeBlock,
): void {
  const stride = forest.featureNames.length;
  const missing = block instanceof Uint8Array ? 255 : 65_535;
  for (let feature = 0; feature < stride; feature++) {
    const at = columns[feature] * matrix.rows;
    encodeColumn(
      matrix.values.subarray(at + from, at + to),
      edgesOf(forest, feature),
      block,
      feature,
      stride,
      missing,
    );
  }
}

/** Copies rows `from` up to, not including, `to` of a binned matrix into `block`. */
export function copyBlock(binned: BinnedMatrix, from: number, to: number, block: CodeBlock): void {
  const stride = binned.featureNames.length;
  for (let feature = 0; feature < stride; feature++) {
    const column = feature * binned.rows;
    for (let row = from, at = feature; row < to; row++, at += stride) block[at] = binned.codes[column + row];
  }
}
