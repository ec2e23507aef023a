import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { Random } from '../../../src/domain/random.ts';

/** Whole numbers alone, so that no logarithm of a machine can change them. */
function wholeNumbers(rows: number, features: number) {
  const random = new Random(2026);
  const matrix = allocateMatrix(
    Array.from({ length: features }, (_, index) => `x${index}`),
    rows,
  );
  const target = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < features; feature++) {
      const value = random.below(1000);
      matrix.values[feature * rows + row] = feature === 2 && value < 200 ? Number.NaN : value;
      target[row] += feature < 3 ? value * (3 - feature) : 0;
    }
    target[row] += random.below(500);
  }
  const weights = Float64Array.from(target, () => random.below(5));
  return { matrix, target, weights };
}

test('forests keep their bytes from one version of the kernel to the next', () => {
  const { matrix, target, weights } = wholeNumbers(3000, 7);
  const params = completeForestParams({ trees: 6, minSamplesLeaf: 3 });
  const digest = (own?: Float64Array): string => {
    const { forest } = growForest(matrix, target, params, own === undefined ? {} : { weights: own });
    return createHash('sha256').update(encodeForest(forest)).digest('hex');
  };
  expect(digest()).toBe('ab38bdf338ec94fb55e5c34f19be8c67fb5e1d81f42993be491bdc81bd8ad7af');
  expect(digest(weights)).toBe('fbb015ddea26fc8a267b82d0428e34581b09ac1a8bf569497803cd07c816c170');
});
