import { describe, expect, test } from 'vitest';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import { findBinEdges } from '../../../src/domain/forest/binning/binEdges.ts';
import { binMatrix } from '../../../src/domain/forest/binning/binnedMatrix.ts';
import { prepareTrainingSet } from '../../../src/domain/forest/binning/trainingSet.ts';

/** Rows of a shop of which no feature is known. */
const bare = (rows: number) => binMatrix(allocateMatrix([], rows), 255, 1);

describe('a training set', () => {
  test('gives every weight above 0 at least one step, so that no row with a weight is lost', () => {
    const weights = Float64Array.of(1, 1e-9, 0, 0.5);
    const { weightUnits } = prepareTrainingSet(bare(4), new Float64Array(4), weights);
    expect([...weightUnits!]).toEqual([1024, 1, 0, 512]);
  });

  test('has steps of the target so small that a sum over all rows by weight stays below 2^51, and no smaller', () => {
    const weights = Float64Array.of(1, 1, 1, 0.5);
    for (const size of [1, 1e-9, 12_345, 1e12]) {
      const target = Float64Array.of(0, size, size, size);
      const { weightUnits, units } = prepareTrainingSet(bare(4), target, weights);
      const sum = units.reduce((total, unit, row) => total + unit * weightUnits![row], 0);
      expect(sum).toBeLessThanOrEqual(2 ** 51);
      expect(sum).toBeGreaterThan(2 ** 49);
    }
  });

  test('of more different targets than two bytes count lets neighbours share a code', () => {
    const rows = 70_000;
    const target = Float64Array.from({ length: rows }, (_, row) => (row * 30_011) % rows);
    const { leafTargets, targetCodes } = prepareTrainingSet(bare(rows), target);
    expect(leafTargets).toHaveLength(65_536);
    let farthest = 0;
    for (let row = 0; row < rows; row++)
      farthest = Math.max(farthest, Math.abs(leafTargets[targetCodes[row]] - target[row]));
    expect(farthest).toBe(1);
  });
});

describe('the bins of a feature', () => {
  test('are narrow at both ends and wide in the middle', () => {
    const edges = findBinEdges(
      Float64Array.from({ length: 1000 }, (_, i) => i + 1),
      10,
      1,
    );
    // A tenth of the scale ends at the share p of the rows with cbrt(1 - p) - cbrt(p) = 0.8, which is 0.0077; four tenths
    // end with 0.2 at 0.316. So the eight rows at either end have as much of it as the 184 below the middle.
    expect(edges).toHaveLength(9);
    expect([edges[0], edges[8]]).toEqual([8.5, 992.5]);
    expect(Math.abs(edges[4] - 500)).toBeLessThan(3);
    expect(Math.abs(edges[4] - edges[3] - 184)).toBeLessThan(3);
  });

  test('end halfway between two values, however large, and at the lower one where nothing lies between', () => {
    const [low, high] = [2 ** 1022, 3 * 2 ** 1022];
    expect([...findBinEdges(Float64Array.of(high, low), 255, 1)]).toEqual([2 ** 1023]);
    const next = 1 + Number.EPSILON;
    expect([...findBinEdges(Float64Array.of(1, next), 255, 1)]).toEqual([1]);
  });
});
