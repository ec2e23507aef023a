import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocateMatrix, type FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { decodeForest } from '../../../src/domain/forest/file/decodeForest.ts';
import { encodeForest } from '../../../src/domain/forest/file/encodeForest.ts';
import type { Forest } from '../../../src/domain/forest/forest.ts';
import { growForest, type TrainingOptions } from '../../../src/domain/forest/growing/growForest.ts';
import { completeForestParams, type ForestParams } from '../../../src/domain/forest/params.ts';
import { explainRow } from '../../../src/domain/forest/predicting/contributions.ts';
import { gainImportance } from '../../../src/domain/forest/predicting/gainImportance.ts';
import { permutationImportance } from '../../../src/domain/forest/predicting/permutationImportance.ts';
import { predictRows } from '../../../src/domain/forest/predicting/predict.ts';
import { predictQuantiles } from '../../../src/domain/forest/predicting/quantiles.ts';

interface Data {
  readonly matrix: FeatureMatrix;
  readonly target: Float64Array;
}

function matrixOf(
  columns: readonly (readonly number[])[],
  rows: number,
  names?: readonly string[],
): FeatureMatrix {
  const matrix = allocateMatrix(names ?? columns.map((_, index) => `x${index}`), rows);
  columns.forEach((column, index) => {
    matrix.values.set(column, index * rows);
  });
  return matrix;
}

function columnsOf({ matrix }: Data): number[][] {
  const { values, rows, featureNames } = matrix;
  return featureNames.map((_, j) => [...values.subarray(j * rows, (j + 1) * rows)]);
}

function predict(forest: Forest, matrix: FeatureMatrix): number[] {
  const predictions = new Float64Array(matrix.rows);
  predictRows(forest, matrix, 0, matrix.rows, predictions);
  return [...predictions];
}

function grow(
  { matrix, target }: Data,
  params: Partial<ForestParams>,
  options: TrainingOptions = {},
): Forest {
  return growForest(matrix, target, completeForestParams({ trees: 8, ...params }), options).forest;
}

/** One tree on all rows and all features: nothing is left to chance. */
const certain = { trees: 1, bootstrap: false, mtry: 'all', minSamplesLeaf: 2, maxDepth: null } as const;

const cell = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity) },
);

/** Whole targets: adding a constant to them, or halving weights, leaves every number exact. */
const data = (cells: fc.Arbitrary<number> = cell): fc.Arbitrary<Data> =>
  fc
    .record({ rows: fc.integer({ min: 1, max: 120 }), features: fc.integer({ min: 1, max: 6 }) })
    .chain(({ rows, features }) =>
      fc
        .record({
          columns: fc.array(fc.array(cells, { minLength: rows, maxLength: rows }), {
            minLength: features,
            maxLength: features,
          }),
          target: fc.array(fc.integer({ min: -500, max: 5000 }), { minLength: rows, maxLength: rows }),
        })
        .map(({ columns, target }) => ({
          matrix: matrixOf(columns, rows),
          target: Float64Array.from(target),
        })),
    );

describe('properties of a forest', () => {
  test('leaf values average the targets of their rows', () => {
    fc.assert(
      fc.property(data(), ({ matrix, target }) => {
        const forest = grow({ matrix, target }, certain);
        const predictions = predict(forest, matrix);
        const groups = new Map<number, number[]>();
        predictions.forEach((prediction, row) => {
          groups.set(prediction, [...(groups.get(prediction) ?? []), target[row]]);
        });
        // Leaves of the same mean fall together; their rows still average to it.
        for (const [prediction, own] of groups) {
          expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(prediction, 8);
        }
      }),
    );
  });

  test('an inner node is the weighted mean of its children', () => {
    fc.assert(
      fc.property(data(), (shop) => {
        const { nodes, values, cover, treeOffsets } = grow(shop, {});
        for (let tree = 0; tree + 1 < treeOffsets.length; tree++) {
          for (let node = treeOffsets[tree]; node < treeOffsets[tree + 1]; node++) {
            const left = treeOffsets[tree] + nodes[2 * node];
            if (left === node) continue;
            expect(cover[left] + cover[left + 1]).toBe(cover[node]);
            const mean = (cover[left] * values[left] + cover[left + 1] * values[left + 1]) / cover[node];
            expect(values[node]).toBeCloseTo(mean, 9);
          }
        }
      }),
    );
  });

  test('predictions and quantiles lie within the range of the target', () => {
    fc.assert(
      fc.property(data(), data(), (shop, others) => {
        fc.pre(others.matrix.featureNames.length >= shop.matrix.featureNames.length);
        const forest = grow(shop, {});
        const lowest = Math.min(...shop.target);
        const highest = Math.max(...shop.target);
        for (const prediction of predict(forest, others.matrix)) {
          expect(prediction).toBeGreaterThanOrEqual(lowest - forest.quantum);
          expect(prediction).toBeLessThanOrEqual(highest + forest.quantum);
        }
        const { rows } = others.matrix;
        const quantiles = new Float64Array(3 * rows);
        predictQuantiles(forest, others.matrix, [0.1, 0.5, 0.9], 0, rows, quantiles);
        for (let row = 0; row < rows; row++) {
          const [p10, p50, p90] = [quantiles[row], quantiles[rows + row], quantiles[2 * rows + row]];
          expect(shop.target).toContain(p10);
          expect(p10).toBeLessThanOrEqual(p50);
          expect(p50).toBeLessThanOrEqual(p90);
        }
      }),
    );
  });

  test('adding a constant to the target adds it to the predictions', () => {
    fc.assert(
      fc.property(data(), fc.integer({ min: -10_000, max: 10_000 }), ({ matrix, target }, constant) => {
        const before = predict(grow({ matrix, target }, {}), matrix);
        const after = predict(grow({ matrix, target: target.map((value) => value + constant) }, {}), matrix);
        after.forEach((value, row) => {
          expect(value).toBeCloseTo(before[row] + constant, 7);
        });
      }),
    );
  });

  test('duplicating every row with half the weight changes nothing', () => {
    fc.assert(
      fc.property(data(), (shop) => {
        const twice = columnsOf(shop).map((column) => [...column, ...column]);
        const rows = shop.matrix.rows;
        const doubled = {
          matrix: matrixOf(twice, 2 * rows),
          target: Float64Array.from([...shop.target, ...shop.target]),
        };
        // A leaf is counted in rows, so it must hold twice as many of them.
        const once = grow(shop, { ...certain, mtry: 0.5, minSamplesLeaf: 2 });
        const weights = new Float64Array(2 * rows).fill(0.5);
        const half = grow(doubled, { ...certain, mtry: 0.5, minSamplesLeaf: 4 }, { weights });
        expect(predict(half, shop.matrix)).toEqual(predict(once, shop.matrix));
      }),
    );
  });

  test('a row of twice the weight counts like two rows', () => {
    fc.assert(
      fc.property(data(), fc.nat(), (shop, pick) => {
        const { rows } = shop.matrix;
        const heavy = pick % rows;
        const columns = columnsOf(shop).map((column) => [...column, column[heavy]]);
        const longer = {
          matrix: matrixOf(columns, rows + 1),
          target: Float64Array.from([...shop.target, shop.target[heavy]]),
        };
        const weights = Float64Array.from({ length: rows }, (_, row) => (row === heavy ? 2 : 1));
        const params = { ...certain, minSamplesLeaf: 1 };
        const weighted = predict(grow(shop, params, { weights }), shop.matrix);
        predict(grow(longer, params), shop.matrix).forEach((value, row) => {
          expect(value).toBeCloseTo(weighted[row], 8);
        });
      }),
    );
  });

  test('permuting features permutes importances and contributions, and nothing else', () => {
    fc.assert(
      fc.property(data(), fc.nat(), (shop, seed) => {
        const names = shop.matrix.featureNames;
        const shift = names.length === 1 ? 0 : 1 + (seed % (names.length - 1));
        const places = names.map((_, index) => (index + shift) % names.length);
        const columns = columnsOf(shop);
        const moved = matrixOf(
          places.map((place) => columns[place]),
          shop.matrix.rows,
          places.map((place) => names[place]),
        );
        const before = grow(shop, {});
        const after = grow({ matrix: moved, target: shop.target }, {});
        expect(predict(after, moved)).toEqual(predict(before, shop.matrix));
        const importance = gainImportance(before);
        expect([...gainImportance(after)]).toEqual(
          places.map((place) => expect.closeTo(importance[place], 12)),
        );
        const why = explainRow(before, shop.matrix, 0).contributions;
        expect([...explainRow(after, moved, 0).contributions]).toEqual(places.map((place) => why[place]));
        const shuffled = (forest: Forest, matrix: FeatureMatrix, feature: number) => {
          const forecast = (on: FeatureMatrix) => Float64Array.from(predict(forest, on));
          const name = matrix.featureNames[feature];
          return permutationImportance(forecast, matrix, shop.target, name, { repeats: 2, seed: 3 });
        };
        expect(shuffled(after, moved, 0)).toEqual(shuffled(before, shop.matrix, places[0]));
      }),
    );
  });

  test('monotone transforms of a feature leave predictions unchanged where every value has its own bin', () => {
    // Whole numbers, so that the transform keeps different values different.
    const whole = fc.oneof(
      fc.integer({ min: -50, max: 50 }),
      fc.constantFrom(Number.NaN, Infinity, -Infinity),
    );
    fc.assert(
      fc.property(data(whole), (shop) => {
        const cubed = columnsOf(shop).map((column) => column.map((value) => value ** 3 + 2 * value));
        const transformed = { matrix: matrixOf(cubed, shop.matrix.rows), target: shop.target };
        expect(predict(grow(transformed, {}), transformed.matrix)).toEqual(
          predict(grow(shop, {}), shop.matrix),
        );
      }),
    );
  });

  test('baseline and contributions add up to the prediction exactly, in any order', () => {
    fc.assert(
      fc.property(data(), fc.nat(), (shop, pick) => {
        const forest = grow(shop, { trees: 7 });
        const row = pick % shop.matrix.rows;
        const { prediction, baseline, contributions } = explainRow(forest, shop.matrix, row);
        expect(prediction).toBe(predict(forest, shop.matrix)[row]);
        expect(contributions.reduce((sum, own) => sum + own, baseline)).toBe(prediction);
        expect([...contributions].reverse().reduce((sum, own) => sum + own, 0) + baseline).toBe(prediction);
      }),
    );
  });

  test('gain importances add up to 1 wherever a tree has a split', () => {
    fc.assert(
      fc.property(data(), (shop) => {
        const forest = grow(shop, {});
        const sum = gainImportance(forest).reduce((all, own) => all + own, 0);
        const hasSplit = forest.values.length > 8;
        expect(sum).toBeCloseTo(hasSplit ? 1 : 0, 9);
      }),
    );
  });

  test('the file gives back the same forest', () => {
    fc.assert(
      fc.property(data(), fc.boolean(), (shop, leafQuantiles) => {
        const forest = grow(shop, { leafQuantiles }, { metadata: { note: 'ä' } });
        expect(decodeForest(encodeForest(forest))).toEqual(forest);
      }),
    );
  });
});

describe('a forest at the edges', () => {
  const columns = [
    [1, 2, 3, 4, 5, 6],
    [0, 0, 1, 1, 0, 1],
  ];

  test('a constant target is predicted as it is, without a split', () => {
    const forest = grow(
      { matrix: matrixOf(columns, 6), target: new Float64Array(6).fill(12.5) },
      { minSamplesLeaf: 1 },
    );
    expect(predict(forest, matrixOf(columns, 6))).toEqual(new Array(6).fill(12.5));
    expect(forest.values.length).toBe(8);
    expect([...gainImportance(forest)]).toEqual([0, 0]);
  });

  test('one row is predicted as itself', () => {
    const one = matrixOf([[3], [Number.NaN]], 1);
    const forest = grow({ matrix: one, target: Float64Array.of(7) }, { minSamplesLeaf: 1 });
    expect(predict(forest, matrixOf(columns, 6))).toEqual(new Array(6).fill(7));
  });

  test('features that are missing everywhere are never split on', () => {
    const missing = new Array<number>(6).fill(Number.NaN);
    const target = Float64Array.of(1, 2, 3, 10, 11, 12);
    const forest = grow(
      { matrix: matrixOf([missing, columns[0]], 6), target },
      { minSamplesLeaf: 1, mtry: 1 },
    );
    expect(gainImportance(forest)[0]).toBe(0);
    expect(gainImportance(forest)[1]).toBe(1);
    const blind = grow({ matrix: matrixOf([missing, missing], 6), target }, { ...certain });
    expect(predict(blind, matrixOf(columns, 6))).toEqual(new Array(6).fill(6.5));
  });

  test('infinite values are the ends of the line', () => {
    const matrix = matrixOf([[-Infinity, -Infinity, 0, 1, Infinity, Infinity]], 6);
    const target = Float64Array.of(1, 1, 5, 5, 9, 9);
    const forest = grow({ matrix, target }, { ...certain, minSamplesLeaf: 1 });
    expect(predict(forest, matrix)).toEqual([...target]);
    expect(predict(forest, matrixOf([[Number.MAX_VALUE, -Number.MAX_VALUE]], 2))[1]).toBe(5);
  });

  test('without features the mean is predicted', () => {
    const target = Float64Array.of(2, 4, 6);
    const forest = grow({ matrix: allocateMatrix([], 3), target }, { ...certain });
    expect(predict(forest, allocateMatrix([], 2))).toEqual([4, 4]);
    expect(explainRow(forest, allocateMatrix([], 1), 0)).toMatchObject({ prediction: 4, baseline: 4 });
    expect(decodeForest(encodeForest(forest))).toEqual(forest);
  });

  test('with one feature every split is by it', () => {
    const matrix = matrixOf([columns[0]], 6);
    const forest = grow({ matrix, target: Float64Array.of(1, 1, 1, 9, 9, 9) }, { ...certain });
    expect(predict(forest, matrix)).toEqual([1, 1, 1, 9, 9, 9]);
  });
});
