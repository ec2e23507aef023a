import type { Forest } from './forest.ts';
import { ForestInputError } from './inputError.ts';

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
