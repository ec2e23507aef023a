import type { Forest } from './forest.ts';
import { treeCount } from './packedTrees.ts';

/**
 * How much of what each tree explains it owes to each feature: the fall of the squared error at the feature's
 * splits, as a share of the tree's whole, meaned over trees. Adds up to 1, or is all zero for a forest without splits
 * (scikit-learn's `feature_importances_`). Measured on training rows, it flatters features of many values: see
 * `permutationImportance` for rows that the forest has not seen.
 *
 * @returns one number a feature.
 */
export function gainImportance(forest: Forest): Float64Array {
  const { nodes, values, cover, treeOffsets, featureNames } = forest;
  const total = new Float64Array(featureNames.length);
  for (let tree = 0; tree < treeCount(forest); tree++) {
    const root = treeOffsets[tree];
    const own = new Float64Array(featureNames.length);
    let explained = 0;
    for (let node = root; node < treeOffsets[tree + 1]; node++) {
      const left = root + nodes[2 * node];
      if (left === node) continue;
      const gain =
        cover[left] * (values[left] - values[node]) ** 2 +
        cover[left + 1] * (values[left + 1] - values[node]) ** 2;
      own[nodes[2 * node + 1] >>> 17] += gain;
      explained += gain;
    }
    if (explained > 0)
      for (let feature = 0; feature < own.length; feature++) total[feature] += own[feature] / explained;
  }
  const sum = total.reduce((all, share) => all + share, 0);
  return sum > 0 ? total.map((share) => share / sum) : total;
}
