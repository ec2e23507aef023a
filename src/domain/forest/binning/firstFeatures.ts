import type { BinnedMatrix } from './binnedMatrix.ts';

/** The first `count` features of a binned matrix: views, not copies. */
export function firstFeatures(binned: BinnedMatrix, count: number): BinnedMatrix {
  return {
    ...binned,
    featureNames: binned.featureNames.slice(0, count),
    codes: binned.codes.subarray(0, count * binned.rows),
    edges: binned.edges.slice(0, count),
  };
}
