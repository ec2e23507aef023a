import { describe, expect, test } from 'vitest';
import { completeBoostingParams } from '../../../src/domain/boosting/boostingParams.ts';
import { LineFitter } from '../../../src/domain/boosting/boostLines.ts';
import { growBooster, type TrainedBooster } from '../../../src/domain/boosting/growBooster.ts';
import { predictBoosterRows, predictLinearBoosterRows } from '../../../src/domain/boosting/predictBooster.ts';
import { allocateMatrix, type FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { Random } from '../../../src/domain/random.ts';

/** Customers of two groups, who spend twice or five times `z`, give or take a tenth. */
function customers(rows: number, largest: number, seed: number) {
  const random = new Random(seed);
  const data = allocateMatrix(['group', 'noise'], rows);
  const z = new Float64Array(rows);
  const target = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const group = random.below(2);
    data.values[row] = group;
    data.values[rows + row] = random.uniform();
    z[row] = largest * (0.01 + 0.99 * random.uniform());
    target[row] = (group === 0 ? 2 : 5) * z[row] * (0.9 + 0.2 * random.uniform());
  }
  return { data, z, target };
}

function predict({ booster, lines }: TrainedBooster, data: FeatureMatrix, z: Float64Array) {
  const predictions = new Float64Array(data.rows);
  if (lines === null) throw new Error('The booster has no lines.');
  predictLinearBoosterRows(booster, lines, data, z, 0, data.rows, predictions);
  return predictions;
}

const train = customers(3000, 100, 1);
const later = customers(300, 1000, 2);
const params = completeBoostingParams({ trees: 120, maxDepth: 2, learningRate: 0.1, minSamplesLeaf: 20 });

describe('boosted trees whose leaves are lines', () => {
  test('go beyond the largest target seen, which leaves that are numbers do not', () => {
    const linear = growBooster(train.data, train.target, params, { regressor: train.z });
    const plain = growBooster(train.data, train.target, params);
    const numbers = new Float64Array(300);
    predictBoosterRows(plain.booster, later.data, 0, 300, numbers);
    const errorOf = (predictions: Float64Array): number =>
      predictions.reduce((sum, value, row) => sum + Math.abs(value - later.target[row]), 0) /
      later.target.reduce((sum, value) => sum + value, 0);
    expect(errorOf(predict(linear, later.data, later.z))).toBeLessThan(0.1);
    expect(errorOf(numbers)).toBeGreaterThan(0.5);
    expect(plain.lines).toBeNull();
  });

  test('with the Tweedie loss follow a power of what the regressor is the logarithm of', () => {
    const tweedie = { ...params, loss: 'tweedie' as const };
    const trained = growBooster(train.data, train.target, tweedie, { regressor: train.z.map(Math.log) });
    const predicted = predict(trained, later.data, later.z.map(Math.log));
    const [sum, actual] = [predicted, later.target].map((values) => values.reduce((a, b) => a + b, 0));
    expect(sum / actual).toBeGreaterThan(0.85);
    expect(sum / actual).toBeLessThan(1.15);
    expect(Math.min(...predicted)).toBeGreaterThan(0);
  });

  test('measure validation rows along their lines, and keep the lines of the trees that are kept', () => {
    const held = customers(500, 100, 3);
    const validation = { data: held.data, target: held.target, regressor: held.z };
    const trained = growBooster(
      train.data,
      train.target,
      { ...params, trees: 400, learningRate: 0.3, patience: 10 },
      { regressor: train.z, validation },
    );
    const { booster, lines, validationLoss } = trained;
    expect(lines?.slopes).toHaveLength(booster.values.length);
    const predicted = predict(trained, held.data, held.z);
    const loss = predicted.reduce((sum, value, row) => sum + (value - held.target[row]) ** 2, 0) / 500;
    expect(loss).toBeCloseTo(Math.min(...validationLoss), 6);
  });

  test.each([3, 49.9])('are flat where all rows have the same regressor, %d', (z) => {
    const same = growBooster(train.data, train.target, params, { regressor: new Float64Array(3000).fill(z) });
    expect(same.lines?.slopes.every((slope) => slope === 0)).toBe(true);
    const plain = growBooster(train.data, train.target, params).booster;
    expect(same.booster.values).toEqual(plain.values);
  });

  test('turn around the mean of their rows, as if each leaf had three more rows like all of them', () => {
    const leaf = {
      nodes: Uint32Array.of(0, 0xffff),
      values: Float64Array.of(0),
      cover: Float64Array.of(8),
      leafPoints: undefined,
    };
    const { slopes, shifts } = new LineFitter(Float64Array.of(0, 1, 2, 3), 0.7).linesOf(
      leaf,
      new Uint32Array(4),
      Float64Array.of(-3, -1, 1, 3),
      new Float64Array(4).fill(2),
    );
    // Gradients times distances from 1.5 are 10, squared distances times hessians 10, and three quarters of that more.
    expect(slopes[0]).toBeCloseTo((0.7 * 10) / 17.5, 12);
    expect(shifts[0]).toBeCloseTo(0.4 * 1.5, 12);
  });

  test('answer for a part of the rows as for them all', () => {
    const linear = growBooster(train.data, train.target, params, { regressor: train.z });
    const { booster, lines } = linear;
    const part = new Float64Array(50);
    predictLinearBoosterRows(booster, lines!, later.data, later.z, 120, 170, part);
    expect(part).toEqual(predict(linear, later.data, later.z).subarray(120, 170));
  });
});
