import { expect, test } from 'vitest';
import { binMatrix } from '../../../src/domain/forest/binning/binnedMatrix.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { treeCount } from '../../../src/domain/forest/packedTrees.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { allRows, createLeafFinder } from '../../../src/domain/forest/predicting/leafFinder.ts';
import { matchColumns } from '../../../src/domain/forest/predicting/matchColumns.ts';
import { syntheticShop } from './syntheticShop.ts';

test('rows that were binned for training end in the same leaves as the raw ones', () => {
  const { matrix, target } = syntheticShop(3000, 6, 1, 0.1);
  const params = completeForestParams({ trees: 10, seed: 3 });
  const binned = binMatrix(matrix, params.maxBins, params.seed);
  const { forest } = growForest(binned, target, params);
  const [from, to] = [500, 2500];
  const [ofRaw, ofBinned] = [createLeafFinder(forest, to - from), createLeafFinder(forest, to - from)];
  ofRaw.encode(matrix, matchColumns(forest, matrix.featureNames), from, to);
  ofBinned.copy(binned, from, to);
  for (let tree = 0; tree < treeCount(forest); tree++) {
    const leaves = ofRaw.find(tree, allRows(to - from), to - from).slice();
    expect(new Set(leaves).size).toBeGreaterThan(100);
    expect(ofBinned.find(tree, allRows(to - from), to - from)).toEqual(leaves);
  }
});
