import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binLike } from '../../../src/domain/boosting/binLike.ts';
import type { Booster } from '../../../src/domain/boosting/booster.ts';
import { decodeBooster, encodeBooster } from '../../../src/domain/boosting/boosterFile.ts';
import {
  type BoostingParams,
  completeBoostingParams,
  featuresPerTree,
} from '../../../src/domain/boosting/boostingParams.ts';
import { explainScore } from '../../../src/domain/boosting/explainBooster.ts';
import { type BoostingOptions, growBooster } from '../../../src/domain/boosting/growBooster.ts';
import { createLoss } from '../../../src/domain/boosting/loss.ts';
import { predictBoosterRows } from '../../../src/domain/boosting/predictBooster.ts';
import { allocateMatrix, type FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { binMatrix } from '../../../src/domain/forest/binning/binnedMatrix.ts';
import { decodeForest } from '../../../src/domain/forest/file/decodeForest.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import { growForest } from '../../../src/domain/forest/growing/growForest.ts';
import { leafLimit, treeCount } from '../../../src/domain/forest/packedTrees.ts';
import { completeForestParams } from '../../../src/domain/forest/params.ts';
import { Random } from '../../../src/domain/random.ts';
import { syntheticShop } from '../forest/syntheticShop.ts';
import { boostPlainly } from './plainBooster.ts';

function matrixOf(columns: readonly (readonly number[])[], rows: number): FeatureMatrix {
  const matrix = allocateMatrix(
    columns.map((_, index) => `x${index}`),
    rows,
  );
  columns.forEach((column, index) => {
    matrix.values.set(column, index * rows);
  });
  return matrix;
}

function grow(
  matrix: FeatureMatrix,
  target: Float64Array,
  params: Partial<BoostingParams>,
  options: BoostingOptions = {},
) {
  return growBooster(matrix, target, completeBoostingParams({ trees: 20, ...params }), options);
}

function predict(booster: Booster, matrix: FeatureMatrix): Float64Array {
  const predictions = new Float64Array(matrix.rows);
  predictBoosterRows(booster, matrix, 0, matrix.rows, predictions);
  return predictions;
}

/** Leaves of each tree. */
function leafCounts({ treeOffsets, nodes }: Booster): number[] {
  return Array.from({ length: treeOffsets.length - 1 }, (_, tree) => {
    let leaves = 0;
    for (let node = treeOffsets[tree]; node < treeOffsets[tree + 1]; node++)
      if ((nodes[2 * node + 1] & leafLimit) === leafLimit) leaves++;
    return leaves;
  });
}

const cell = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity) },
);

/** A matrix with missing and infinite cells, and whole targets from 0 on, many of them 0. */
const shops = fc
  .record({ rows: fc.integer({ min: 1, max: 80 }), features: fc.integer({ min: 0, max: 5 }) })
  .chain(({ rows, features }) =>
    fc
      .record({
        columns: fc.array(fc.array(cell, { minLength: rows, maxLength: rows }), {
          minLength: features,
          maxLength: features,
        }),
        target: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5000 })), {
          minLength: rows,
          maxLength: rows,
        }),
      })
      .map(({ columns, target }) => ({ matrix: matrixOf(columns, rows), target: Float64Array.from(target) })),
  );

const someParams = fc.record({
  loss: fc.constantFrom('squared_error' as const, 'tweedie' as const),
  tweediePower: fc.constantFrom(1, 1.2, 1.5, 1.9),
  maxDepth: fc.constantFrom(null, 1, 3, 6),
  maxLeaves: fc.constantFrom(null, 2, 7),
  minSamplesLeaf: fc.constantFrom(1, 3, 10),
  l2: fc.constantFrom(0, 1, 20),
  seed: fc.integer({ min: 0, max: 99 }),
});

describe('boosted trees', () => {
  test('are those of the textbook', () => {
    fc.assert(
      fc.property(
        fc.record({
          rows: fc.constantFrom(2, 9, 60, 150),
          missing: fc.constantFrom(0, 0.3, 1),
          seed: fc.integer({ min: 0, max: 1000 }),
          maxDepth: fc.constantFrom(1, 2, 4),
          minSamplesLeaf: fc.constantFrom(1, 4),
          l2: fc.constantFrom(0, 1, 10),
          maxBins: fc.constantFrom(5, 20),
          isWeighted: fc.boolean(),
        }),
        ({ rows, missing, seed, isWeighted, ...rest }) => {
          const { matrix } = syntheticShop(rows, 4, seed, missing);
          const random = new Random(seed, 3);
          const target = Float64Array.from(
            { length: rows },
            (_, row) => matrix.values[row] + 0.5 * random.normal(),
          );
          const weights = Float64Array.from(target, () => (isWeighted ? 1 + random.below(8) : 1));
          const params = completeBoostingParams({ ...rest, trees: 4, learningRate: 0.3 });
          const binned = binMatrix(matrix, params.maxBins, params.seed);
          const { booster } = growBooster(binned, target, params, { weights });
          const expected = boostPlainly(binned, target, weights, { ...params, maxDepth: rest.maxDepth });
          predict(booster, matrix).forEach((value, row) => {
            expect(value).toBeCloseTo(expected[row], 7);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('lower the training loss with every small step', () => {
    fc.assert(
      fc.property(shops, someParams, ({ matrix, target }, params) => {
        const { trainingLoss } = grow(matrix, target, { ...params, learningRate: 0.05 });
        expect(trainingLoss).toHaveLength(21);
        for (let tree = 1; tree < trainingLoss.length; tree++) {
          expect(trainingLoss[tree]).toBeLessThanOrEqual(
            trainingLoss[tree - 1] + 1e-9 * Math.max(1, trainingLoss[0]),
          );
        }
      }),
    );
  });

  test('with the Tweedie loss never predict below zero, and are finite, zeros and all', () => {
    fc.assert(
      fc.property(shops, shops, someParams, (shop, others, params) => {
        fc.pre(others.matrix.featureNames.length >= shop.matrix.featureNames.length);
        const { booster } = grow(shop.matrix, shop.target, { ...params, loss: 'tweedie', learningRate: 1 });
        for (const value of predict(booster, others.matrix)) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  test('with the Tweedie loss find the mean of each group', () => {
    const group = Array.from({ length: 200 }, (_, row) => row % 2);
    const target = Float64Array.from(group, (own, row) => (row % 10 < 6 ? 0 : own === 0 ? 10 : 400));
    const matrix = matrixOf([group], 200);
    for (const tweediePower of [1, 1.5, 1.9]) {
      const { booster, trainingLoss } = grow(matrix, target, {
        loss: 'tweedie',
        tweediePower,
        trees: 200,
        learningRate: 0.3,
        l2: 0,
      });
      const predicted = predict(booster, matrix);
      expect(predicted[0]).toBeCloseTo(4, 6);
      expect(predicted[1]).toBeCloseTo(160, 4);
      expect(trainingLoss.at(-1)).toBeLessThan(trainingLoss[0]);
    }
  });

  test('do not depend on the order of rows', () => {
    fc.assert(
      fc.property(
        shops,
        someParams,
        fc.integer({ min: 0, max: 1000 }),
        ({ matrix, target }, params, seed) => {
          const { rows, featureNames } = matrix;
          const random = new Random(seed);
          const order = [...target.keys()];
          for (let i = rows - 1; i > 0; i--) {
            const j = random.below(i + 1);
            [order[i], order[j]] = [order[j], order[i]];
          }
          const shuffled = matrixOf(
            featureNames.map((_, j) => order.map((row) => matrix.values[j * rows + row])),
            rows,
          );
          const before = predict(grow(matrix, target, params).booster, matrix);
          const after = predict(
            grow(
              shuffled,
              target.map((_, row) => target[order[row]]),
              params,
            ).booster,
            matrix,
          );
          expect([...after]).toEqual([...before]);
        },
      ),
    );
  });

  test('do not depend on the order of columns', () => {
    const { matrix, target } = syntheticShop(700, 5, 3, 0.2);
    const { rows, featureNames } = matrix;
    const turned = allocateMatrix([...featureNames].reverse(), rows);
    featureNames.forEach((_, j) => {
      turned.values.set(matrix.values.subarray(j * rows, (j + 1) * rows), (4 - j) * rows);
    });
    const params = { featuresShare: 0.6, rowsShare: 0.7 };
    const before = grow(matrix, target, params).booster;
    const after = grow(turned, target, params).booster;
    expect([...predict(after, matrix)]).toEqual([...predict(before, matrix)]);
  });

  test('predict a constant target as it is, and one row as itself', () => {
    fc.assert(
      fc.property(shops, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ({ matrix }, constant) => {
        const target = new Float64Array(matrix.rows).fill(constant);
        const { booster } = grow(matrix, target, { minSamplesLeaf: 1 });
        for (const value of predict(booster, matrix))
          expect(Math.abs(value - constant)).toBeLessThanOrEqual(booster.quantum);
      }),
    );
    const { booster } = grow(matrixOf([[3], [Number.NaN]], 1), Float64Array.of(7), { loss: 'tweedie' });
    expect(predict(booster, matrixOf([[1], [2]], 1))[0]).toBeCloseTo(7, 10);
    const zeros = grow(matrixOf([[1, 2, 3]], 3), new Float64Array(3), {
      loss: 'tweedie',
      minSamplesLeaf: 1,
    });
    for (const value of predict(zeros.booster, matrixOf([[1, 2, 3]], 3))) expect(value).toBeCloseTo(0, 100);
  });

  test('of no features predict the mean', () => {
    const { booster } = grow(allocateMatrix([], 3), Float64Array.of(2, 4, 6), {});
    expect([...predict(booster, allocateMatrix([], 2))]).toEqual([4, 4]);
    expect(decodeBooster(encodeBooster(booster))).toEqual(booster);
  });

  test('send missing values to the side where they gain more', () => {
    const values = Array.from({ length: 60 }, (_, row) => (row % 3 === 2 ? Number.NaN : row % 3));
    const target = (missing: number): Float64Array =>
      Float64Array.from(values, (value) => (Number.isNaN(value) ? missing : value * 10));
    const params = { trees: 1, learningRate: 1, l2: 0, maxDepth: 1, minSamplesLeaf: 1 } as const;
    const matrix = matrixOf([values], 60);
    const low = predict(grow(matrix, target(1), params).booster, matrix);
    [0.5, 10, 0.5].forEach((mean, row) => {
      expect(low[row]).toBeCloseTo(mean, 10);
    });
    const high = predict(grow(matrix, target(9), params).booster, matrix);
    [0, 9.5, 9.5].forEach((mean, row) => {
      expect(high[row]).toBeCloseTo(mean, 10);
    });
  });

  test('keep to depth, leaves and rows a leaf; with few leaves the best gain comes first', () => {
    const { matrix, target } = syntheticShop(900, 6, 5, 0.2);
    expect(Math.max(...leafCounts(grow(matrix, target, { maxDepth: 3, minSamplesLeaf: 1 }).booster))).toBe(8);
    const few = grow(matrix, target, { maxDepth: null, maxLeaves: 5, minSamplesLeaf: 40 });
    expect(new Set(leafCounts(few.booster))).toEqual(new Set([5]));
    expect(Math.min(...few.booster.cover)).toBeGreaterThanOrEqual(40);
    // Each leaf more lowers the loss by the best gain that is left, so never by more than the leaf before.
    const losses = [2, 3, 4, 5, 6].map(
      (maxLeaves) =>
        grow(matrix, target, { trees: 1, learningRate: 1, l2: 0, maxDepth: null, maxLeaves }).trainingLoss[1],
    );
    for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]);
    const deep = grow(matrix, target, { trees: 1, learningRate: 1, l2: 0, maxDepth: 2, maxLeaves: 4 });
    expect(losses[2]).toBeLessThanOrEqual(deep.trainingLoss[1]);
  });

  test('are the same where large nodes are gathered, and with all leaves allowed', () => {
    const { matrix, target } = syntheticShop(70_000, 6, 8, 0.1);
    const params = { trees: 3, maxDepth: null, minSamplesLeaf: 50, l2: 0 } as const;
    const one = grow(matrix, target, params).booster;
    const other = grow(matrix, target, { ...params, maxLeaves: 70_000 / 50 }).booster;
    expect([...predict(other, matrix)]).toEqual([...predict(one, matrix)]);
  });

  test('draw rows and features from the seed', () => {
    const { matrix, target } = syntheticShop(400, 6, 9);
    const params = { rowsShare: 0.5, featuresShare: 0.5, seed: 1 };
    const bytes = (seed: number): Uint8Array =>
      encodeBooster(grow(matrix, target, { ...params, seed }).booster);
    expect(bytes(1)).toEqual(bytes(1));
    expect(bytes(1)).not.toEqual(bytes(2));
    const { cover, treeOffsets } = grow(matrix, target, params).booster;
    for (let tree = 0; tree + 1 < treeOffsets.length; tree++) expect(cover[treeOffsets[tree]]).toBe(200);
  });

  test('move the scores of rows that a tree has not drawn as well', () => {
    const { matrix, target } = syntheticShop(400, 4, 12);
    const { booster, trainingLoss } = grow(matrix, target, { rowsShare: 0.5, learningRate: 0.3 });
    const squares = predict(booster, matrix).map((value, row) => (value - target[row]) ** 2);
    const loss = squares.reduce((sum, square) => sum + square, 0) / 400;
    expect(trainingLoss.at(-1) as number).toBeCloseTo(loss, 6);
  });

  test('draw a share of the features rounded down, and at least one', () => {
    const drawn = [
      [0.5, 7],
      [0.1, 4],
      [1, 5],
      [0.5, 0],
    ].map(([share, features]) => featuresPerTree(share, features));
    expect(drawn).toEqual([3, 1, 5, 0]);
  });

  test('do not count rows without weight among the rows of a leaf', () => {
    // The first row alone would be the best split; with the second, which weighs nothing, it is alone still.
    const { booster } = grow(
      matrixOf([[1, 2, 3, 4, 5]], 5),
      Float64Array.of(100, 100, 0, 0, 0),
      { trees: 1, learningRate: 1, l2: 0, maxDepth: 1, minSamplesLeaf: 2 },
      { weights: Float64Array.of(1, 0, 1, 1, 1) },
    );
    expect([...predict(booster, matrixOf([[1, 5]], 2))]).toEqual([50, 0]);
  });

  test('learn nothing from rows without weight', () => {
    const { matrix, target } = syntheticShop(300, 4, 10);
    const weights = Float64Array.from(target, (_, row) => (row < 150 ? 1 : 0));
    const changed = target.map((value, row) => (row < 150 ? value : 1e6));
    for (const loss of ['squared_error', 'tweedie'] as const) {
      const before = grow(matrix, target, { loss }, { weights }).booster;
      const after = grow(matrix, changed, { loss }, { weights }).booster;
      expect([...after.values]).toEqual([...before.values]);
    }
  });
});

describe('early stopping', () => {
  const rows = 400;
  const random = new Random(77);
  const column = (): number[] => Array.from({ length: rows }, () => random.uniform());
  const planted = [column(), column(), column()];
  const noisy = (columns: readonly (readonly number[])[]): Float64Array =>
    Float64Array.from(columns[0], (value) => (value > 0.5 ? 10 : 0) + 6 * random.normal());
  const fresh = [column(), column(), column()];
  const train = { matrix: matrixOf(planted, rows), target: noisy(planted) };
  const later = { data: matrixOf(fresh, rows), target: noisy(fresh) };
  // Deep trees on little data, with noise as large as the signal: the first trees learn, the rest fit noise.
  const params = { trees: 200, learningRate: 0.2, maxDepth: 6, minSamplesLeaf: 1, patience: 30 };

  test('keeps the number of trees that is best on the validation rows', () => {
    const stopped = grow(train.matrix, train.target, params, { validation: later });
    const whole = grow(train.matrix, train.target, { ...params, patience: 1000 }, { validation: later });
    const best = whole.validationLoss.indexOf(Math.min(...whole.validationLoss));
    expect(best).toBeGreaterThan(0);
    expect(best).toBeLessThan(60);
    expect(treeCount(whole.booster)).toBe(best);
    expect(treeCount(stopped.booster)).toBe(best);
    expect(stopped.validationLoss).toHaveLength(best + 31);
    expect(stopped.validationLoss).toEqual(whole.validationLoss.slice(0, best + 31));
    expect(whole.trainingLoss.at(-1)).toBeLessThan(whole.trainingLoss[best]);
    const all = grow(train.matrix, train.target, params).booster;
    const error = (booster: Booster): number =>
      predict(booster, later.data).reduce((sum, value, row) => sum + (value - later.target[row]) ** 2, 0);
    expect(error(stopped.booster)).toBeLessThan(0.9 * error(all));
    expect(error(stopped.booster) / rows).toBeCloseTo(stopped.validationLoss[best], 8);
  });

  test('keeps no tree where none helps', () => {
    const opposite = {
      ...later,
      target: later.target.map((value, row) => (fresh[0][row] > 0.5 ? 0 : value + 10)),
    };
    const { booster } = grow(
      train.matrix,
      train.target,
      { ...params, maxDepth: 1 },
      { validation: opposite },
    );
    expect(treeCount(booster)).toBe(0);
    for (const value of predict(booster, later.data)) expect(value).toBeCloseTo(booster.base, 12);
    // Trees that change nothing help nobody.
    const alike = { ...later, target: new Float64Array(later.target.length).fill(7) };
    const constant = new Float64Array(train.target.length).fill(7);
    const idle = grow(train.matrix, constant, { ...params, loss: 'squared_error' }, { validation: alike });
    expect(treeCount(idle.booster)).toBe(0);
  });

  test('measures validation rows by their weights', () => {
    const data = matrixOf([[1, 2]], 2);
    const validation = { data, target: Float64Array.of(8, 100), weights: Float64Array.of(3, 1) };
    const { validationLoss } = grow(matrixOf([[1, 1]], 2), Float64Array.of(4, 6), {}, { validation });
    // Without any tree everybody is forecast 5.
    expect(validationLoss[0]).toBeCloseTo((3 * 3 ** 2 + 95 ** 2) / 4, 9);
  });

  test('takes validation rows binned by the same thresholds, and refuses others', () => {
    const binned = binMatrix(train.matrix, 255, 42);
    const own = binLike(later.data, binned);
    const [raw, ready] = [later, { ...later, data: own }].map((validation) =>
      growBooster(binned, train.target, completeBoostingParams(params), { validation }),
    );
    expect(ready.validationLoss).toEqual(raw.validationLoss);
    const turned = matrixOf([fresh[2], fresh[0], fresh[1]], rows);
    expect(binLike({ ...turned, featureNames: ['x2', 'x0', 'x1'] }, binned).codes).toEqual(own.codes);
    const strange = { ...later, data: binMatrix(later.data, 255, 42) };
    expect(() =>
      growBooster(binned, train.target, completeBoostingParams(params), { validation: strange }),
    ).toThrow(/other thresholds/);
    const renamed = { ...later, data: { ...own, featureNames: ['x1', 'x0', 'x2'] } };
    expect(() =>
      growBooster(binned, train.target, completeBoostingParams(params), { validation: renamed }),
    ).toThrow(/other thresholds/);
  });
});

describe('a trained booster', () => {
  const { matrix, target } = syntheticShop(5000, 7, 31, 0.2);
  const boosters = (['squared_error', 'tweedie'] as const).map(
    (loss) =>
      grow(matrix, target, { loss, learningRate: 0.2 }, { metadata: { cutoff: '1998-01-01' } }).booster,
  );

  test('predicts a part of the rows as it predicts them all', () => {
    for (const booster of boosters) {
      const expected = predict(booster, matrix);
      const part = new Float64Array(700);
      predictBoosterRows(booster, matrix, 2000, 2700, part);
      expect([...part]).toEqual([...expected.subarray(2000, 2700)]);
    }
  });

  test('has contributions that add up to the score exactly', () => {
    for (const booster of boosters) {
      const predictions = predict(booster, matrix);
      for (let row = 0; row < 50; row++) {
        const { prediction, baseline, contributions } = explainScore(booster, matrix, row);
        expect(contributions.reduce((sum, own) => sum + own, baseline)).toBe(prediction);
        expect(booster.params.loss === 'tweedie' ? Math.exp(prediction) : prediction).toBe(predictions[row]);
      }
    }
  });

  test('has such contributions also where scores are far from a base of nothing', () => {
    const random = new Random(5);
    const shop = syntheticShop(600, 5, 32);
    const sizes = Array.from({ length: 300 }, () => Math.exp(10 * random.normal()));
    const { booster } = grow(shop.matrix, Float64Array.of(...sizes, ...sizes.map((size) => -size)), {
      trees: 60,
      learningRate: 0.3,
      minSamplesLeaf: 1,
    });
    for (let row = 0; row < 600; row++) {
      const { prediction, baseline, contributions } = explainScore(booster, shop.matrix, row);
      expect(contributions.reduce((sum, own) => sum + own, baseline)).toBe(prediction);
      expect(contributions.reduceRight((sum, own) => sum + own, baseline)).toBe(prediction);
    }
  });

  test('is kept in the container of forests, and neither is taken for the other', () => {
    const forest = growForest(matrix, target, completeForestParams({ trees: 2 })).forest;
    const forestImage = encodeForest(forest);
    // Forests are still written in the version that older programs read.
    expect(new DataView(forestImage.buffer).getUint32(8, true)).toBe(1);
    expect(decodeForest(forestImage)).toEqual(forest);
    expect(() => decodeBooster(forestImage)).toThrow(/holds a forest, not a booster/);
    for (const booster of boosters) {
      const image = encodeBooster(booster);
      expect(new DataView(image.buffer).getUint32(8, true)).toBe(2);
      const read = decodeBooster(image);
      expect(read).toEqual(booster);
      expect(predict(read, matrix)).toEqual(predict(booster, matrix));
      expect(() => decodeForest(image)).toThrow(/holds a booster, not a forest/);
    }
  });
});

describe('the Tweedie loss', () => {
  const meanLoss = (tweediePower: number, target: readonly number[], mean: number): number =>
    createLoss(
      completeBoostingParams({ loss: 'tweedie', tweediePower }),
      Float64Array.from(target),
      target.length,
    ).mean(new Float64Array(target.length).fill(Math.log(mean)));

  test('is the deviance: of Poisson at power 1, of the gamma distribution at power 2', () => {
    // 2 (y ln(y / m) - (y - m)): 4 for nothing, and 8 ln 2 - 4 for four, where two are forecast.
    expect(meanLoss(1, [0, 4], 2)).toBeCloseTo(4 * Math.LN2, 12);
    // 2 ((y - m) / m - ln(y / m)).
    expect(meanLoss(2, [1, 3], 2)).toBeCloseTo(Math.log(4 / 3), 12);
    // 2 (m^0.5 / 0.5 + y m^-0.5 / 0.5 - y^0.5 / 0.25), of four where one is forecast.
    expect(meanLoss(1.5, [4], 1)).toBeCloseTo(4, 12);
  });

  test('is 0 where the forecast is what came', () => {
    for (const power of [1, 1.2, 1.5, 1.9, 2]) expect(meanLoss(power, [7, 7], 7)).toBeCloseTo(0, 12);
  });
});

describe('data that cannot be boosted', () => {
  const matrix = matrixOf([[1, 2, 3]], 3);

  test('is refused with the row or value at fault', () => {
    expect(() => grow(matrix, Float64Array.of(1, -2, 3), { loss: 'tweedie' })).toThrow(/lowest target is -2/);
    expect(() => grow(matrix, Float64Array.of(1, 0, 3), { loss: 'tweedie', tweediePower: 2 })).toThrow(
      /power 2 does not allow/,
    );
    expect(() => grow(matrix, Float64Array.of(1, Number.NaN, 3), {})).toThrow(/row 1 is NaN/);
    expect(() => grow(matrix, Float64Array.of(1, 2), {})).toThrow(/2 values and the matrix 3 rows/);
    expect(() => grow(matrixOf([[]], 0), new Float64Array(0), {})).toThrow(/no rows/);
    const weights = Float64Array.of(1, -1, 1);
    expect(() => grow(matrix, Float64Array.of(1, 2, 3), {}, { weights })).toThrow(/weight of row 1 is -1/);
  });

  test('parameters out of range are named', () => {
    for (const wrong of [
      { trees: 0 },
      { learningRate: 0 },
      { maxDepth: 0 },
      { maxLeaves: 1 },
      { l2: -1 },
      { rowsShare: 1.5 },
      { featuresShare: 0 },
      { tweediePower: 2.5 },
      { maxBins: 256 },
      { patience: 0 },
    ]) {
      expect(() => completeBoostingParams(wrong)).toThrow(`boosting parameter ${Object.keys(wrong)[0]} is`);
    }
  });
});
