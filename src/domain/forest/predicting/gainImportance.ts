import type { Forest } from '../forest.ts';
import { treeCount } from '../packedTrees.ts';

/**
 * The share of each feature in what the forest explains: the fall of the squared error at the feature's splits over the
 * fall at all splits of the tree, averaged over the trees (scikit-learn's `feature_importances_`). The shares add up to
 * 1; all are 0 for a forest without splits. Since it is measured on training rows, it favours features with many
 * different values; `permutationImportance` measures on rows that the forest has not seen.
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
