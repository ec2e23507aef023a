import { ForestInputError } from '../inputError.ts';
import type { PackedTrees } from '../packedTrees.ts';

/**
 * For each feature of the trees, the index of the matrix column that holds it. Other columns are ignored.
 *
 * @throws ForestInputError naming the features that the matrix lacks.
 */
export function matchColumns(
  trees: Pick<PackedTrees, 'featureNames'>,
  matrixFeatures: readonly string[],
): Uint32Array {
  const lacking = trees.featureNames.filter((name) => !matrixFeatures.includes(name));
  if (lacking.length > 0) {
    throw new ForestInputError(
      `The matrix lacks ${lacking.length} of the model's features: ${lacking.join(', ')}.`,
      'Compute the features with the same version of the program that trained the model, or train anew.',
      { lacking },
    );
  }
  return Uint32Array.from(trees.featureNames, (name) => matrixFeatures.indexOf(name));
}
