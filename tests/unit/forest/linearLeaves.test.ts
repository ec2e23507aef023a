import { describe, expect, test } from 'vitest';
import { allocateMatrix, type FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { binMatrix } from '../../../src/domain/forest/binning/binnedMatrix.ts';
import type { Forest } from '../../../src/domain/forest/forest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import {
  allocateLinearLeaves,
  fitLinearLeaves,
  type LinearLeaves,
  predictLinearRows,
} from '../../../src/domain/forest/growing/linearLeaves.ts';
import { treeCount } from '../../../src/domain/forest/packedTrees.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { Random } from '../../../src/domain/random.ts';

/** Customers of two groups; what they spend is 2 z in one and 5 z + 10 in the other. */
function customers(rows: number, largest: number, seed: number) {
  const random = new Random(seed);
  const matrix = allocateMatrix(['group', 'noise'], rows);
  const z = new Float64Array(rows);
  const target = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const group = random.below(2);
    matrix.values[row] = group;
    matrix.values[rows + row] = random.uniform();
    z[row] = largest * random.uniform();
    target[row] = group === 0 ? 2 * z[row] : 5 * z[row] + 10;
  }
  return { matrix, z, target };
}

function linesOf(forest: Forest, data: ReturnType<typeof customers>, spans = [[0, 20]]): LinearLeaves {
  const lines = allocateLinearLeaves(forest);
  const binned = binMatrix(data.matrix, 255, 1);
  for (const [from, to] of spans) fitLinearLeaves(forest, binned, data.target, data.z, { from, to }, lines);
  return lines;
}

function predict(lines: LinearLeaves, matrix: FeatureMatrix, z: Float64Array): Float64Array {
  const predictions = new Float64Array(matrix.rows);
  predictLinearRows(forest, lines, matrix, z, { from: 0, to: matrix.rows }, predictions);
  return predictions;
}

const data = customers(4000, 100, 1);
const params = completeForestParams({ trees: 20, maxDepth: 1, mtry: 'all', leafQuantiles: false, seed: 1 });
const { forest } = growForest(data.matrix, data.target, params, { outOfBag: false });

describe('leaves that are lines', () => {
  test('go beyond the largest target seen, each along the line of its own customers', () => {
    const later = customers(50, 1000, 2);
    const predicted = predict(linesOf(forest, data), later.matrix, later.z);
    const largestSeen = Math.max(...data.target);
    later.target.forEach((target, row) => {
      // Slopes are shrunk by three rows in some two thousand.
      expect(Math.abs(predicted[row] - target)).toBeLessThan(0.01 * target + 1);
    });
    expect(Math.max(...predicted)).toBeGreaterThan(4 * largestSeen);
    expect(Math.max(...later.target)).toBeGreaterThan(5 * largestSeen);
  });

  test('are the same whichever trees are fitted together', () => {
    expect(
      linesOf(forest, data, [
        [7, 20],
        [0, 3],
        [3, 7],
      ]),
    ).toEqual(linesOf(forest, data));
    expect(treeCount(forest)).toBe(20);
  });

  test('are those of the forest where they are flat, in any span of rows', () => {
    const flat = allocateLinearLeaves(forest);
    const plain = new Float64Array(4000);
    predictRows(forest, data.matrix, 0, 4000, plain);
    expect(predict(flat, data.matrix, data.z)).toEqual(plain);
    const lines = linesOf(forest, data);
    const some = new Float64Array(2500);
    predictLinearRows(forest, lines, data.matrix, data.z, { from: 1000, to: 3500 }, some);
    expect(some).toEqual(predict(lines, data.matrix, data.z).slice(1000, 3500));
  });

  test.each([
    ['the same number', new Float64Array(4000).fill(7)],
    // Sums of 49.9 are inexact: what is left of them after the mean is rounding.
    ['the same number, whose sums are inexact', new Float64Array(4000).fill(49.9)],
    [
      'one number but for rounding',
      Float64Array.from({ length: 4000 }, (_, row) => 49.9 + (row % 5) * 1e-13),
    ],
  ])('are flat where all rows have %s as regressor, and answer with the mean of all rows', (_, z) => {
    const same = { ...data, z };
    const lines = linesOf(forest, same);
    expect(lines.slopes.every((slope) => slope === 0)).toBe(true);
    const predicted = predict(lines, data.matrix, same.z);
    const meanOf = (group: number): number => {
      const own = data.target.filter((_, row) => data.matrix.values[row] === group);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    for (const row of [0, 1, 2, 3, 4, 5])
      expect(predicted[row]).toBeCloseTo(meanOf(data.matrix.values[row]), 6);
  });

  test.each([
    [3, 3 / 6],
    [30, 30 / 33],
    [3000, 3000 / 3003],
  ])('of %i rows alike in their features have %f of the slope that least squares finds', (rows, share) => {
    const matrix = allocateMatrix(['same'], rows);
    const z = Float64Array.from({ length: rows }, (_, row) => row);
    const alike = { matrix, z, target: z.map((value) => 4 * value + 1) };
    const grown = growForest(matrix, alike.target, params, { outOfBag: false });
    for (const slope of linesOf(grown.forest, alike).slopes) expect(slope).toBeCloseTo(4 * share, 9);
  });
});
