/**
 * The indices of features in the order of their names, by UTF-16 code unit. Features are drawn in this order, so that
 * the order of a matrix's columns changes the feature numbers in a tree, and nothing else.
 *
 * @param featureNames no name twice.
 */
export function featuresByName(featureNames: readonly string[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(featureNames.keys()).sort((a, b) => (featureNames[a] < featureNames[b] ? -1 : 1));
}
