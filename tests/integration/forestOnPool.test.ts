import { afterAll, describe, expect, test } from 'vitest';
import { binMatrix } from '../../src/domain/forest/binning/binnedMatrix.ts';
import { encodeForest } from '../../src/domain/forest/file/encodeForest.ts';
import { growForest } from '../../src/domain/forest/growing/growForest.ts';
import { completeForestParams } from '../../src/domain/forest/params.ts';
import { predictRows } from '../../src/domain/forest/predicting/predict.ts';
import { defaultLevels, predictQuantiles } from '../../src/domain/forest/predicting/quantiles.ts';
import { predictForest, predictForestQuantiles } from '../../workers/compute/predictForest.ts';
import { trainForest } from '../../workers/compute/trainForest.ts';
import { createComputePool } from '../../workers/pool.ts';
import { expectSameBytes } from '../sameBytes.ts';
import { syntheticShop } from '../unit/forest/syntheticShop.ts';

const pool = createComputePool({ threads: 2 });
afterAll(() => pool.close());

const rows = 3000;
const { matrix, target } = syntheticShop(rows, 9, 21, 0.25);
const params = completeForestParams({ trees: 24, seed: 5 });

describe('the forest on the pool', () => {
  test('has the same bytes and out-of-bag predictions on 1, 2 and 8 threads and without threads', async () => {
    const alone = growForest(matrix, target, params);
    const expected = encodeForest(alone.forest);
    for (const threads of [1, 2, 8]) {
      const own = createComputePool({ threads });
      try {
        const trained = await trainForest(own, matrix, target, params);
        expectSameBytes(encodeForest(trained.forest), expected);
        expect([...trained.outOfBag!.predictions]).toEqual([...alone.outOfBag!.predictions]);
        expect(trained.outOfBag!.metrics).toEqual(alone.outOfBag!.metrics);
      } finally {
        await own.close();
      }
    }
  });

  test('does not pass for a leak, however many tasks listen to one signal', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on('warning', onWarning);
    try {
      const { signal } = new AbortController();
      const errors = { first: new Float64Array(new SharedArrayBuffer(8)), seed: 1, from: 0, to: 1 };
      const task = { ...errors, second: errors.first };
      await Promise.all(Array.from({ length: 12 }, () => pool.run('resampleDifferencesTask', task, signal)));
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', onWarning);
    }
  });

  test('predicts the same in chunks of any size, and tells its progress', async () => {
    const { forest } = growForest(matrix, target, params);
    const expected = new Float64Array(rows);
    predictRows(forest, matrix, 0, rows, expected);
    const seen: number[] = [];
    const predicted = await predictForest(pool, forest, matrix, {
      chunkRows: 700,
      onProgress: (done, total) => seen.push(done / total),
    });
    expect([...predicted]).toEqual([...expected]);
    expect(seen).toHaveLength(5);
    expect(seen.at(-1)).toBe(1);
  });

  test('trains from a matrix that was binned before, and counts trees as progress', async () => {
    const binned = binMatrix(matrix, params.maxBins, params.seed);
    const seen: number[] = [];
    const trained = await trainForest(pool, binned, target, params, {
      onProgress: (done) => seen.push(done),
    });
    expectSameBytes(encodeForest(trained.forest), encodeForest(growForest(matrix, target, params).forest));
    expect(seen.at(-1)).toBe(24);
  });

  test('predicts the same quantiles in chunks as in one piece', async () => {
    const { forest } = growForest(matrix, target, params);
    const expected = new Float64Array(3 * rows);
    predictQuantiles(forest, matrix, defaultLevels, 0, rows, expected);
    const quantiles = await predictForestQuantiles(pool, forest, matrix, { chunkRows: 999 });
    expect(quantiles.flatMap((level) => [...level])).toEqual([...expected]);
  });

  test('stops when aborted, and the pool goes on', async () => {
    const abort = new AbortController();
    const training = trainForest(
      pool,
      matrix,
      target,
      { ...params, trees: 2000 },
      {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      },
    );
    await expect(training).rejects.toMatchObject({ name: 'AbortError' });
    const trained = await trainForest(pool, matrix, target, params);
    expect(trained.outOfBag?.metrics?.customers).toBe(rows);
  });

  test('an error of a task keeps its name, code and remedy', async () => {
    const { forest } = growForest(matrix, target, params);
    const lacking = { ...matrix, featureNames: matrix.featureNames.map((name) => `${name}_old`) };
    const failing = pool.run('predictForestRows', {
      forest,
      matrix: lacking,
      from: 0,
      to: 10,
      predictions: new Float64Array(new SharedArrayBuffer(80)),
    });
    await expect(failing).rejects.toMatchObject({
      name: 'ForestInputError',
      code: 'FOREST_INPUT_INVALID',
      remedy: expect.stringContaining('train anew'),
    });
  });
});
