import { expect, test } from 'vitest';
import { allocateMatrix } from '../../../src/domain/features/matrix.ts';
import type { FoldData } from '../../../src/domain/gridsearch/foldData.ts';
import { sharedFloats } from '../../../src/domain/sharedFloats.ts';
import { evaluateWindows } from '../../../workers/modelBuild/evaluateWindows.ts';
import type { SearchShop } from '../../../workers/modelBuild/searchShop.ts';
import type { ComputePool } from '../../../workers/pool.ts';

const CUSTOMERS = 200;
const fold: FoldData = {
  matrix: allocateMatrix(['revenue_sum'], CUSTOMERS),
  validation: allocateMatrix(['revenue_sum'], CUSTOMERS),
  target: sharedFloats(CUSTOMERS),
  actual: sharedFloats(CUSTOMERS),
  contest: null,
};
const shop = {
  span: { firstDate: '2020-01-01', dataEnd: '2026-01-01' },
  customers: CUSTOMERS,
  foldData: async (_windows: unknown, folds: readonly unknown[]) => folds.map(() => fold),
} as unknown as SearchShop;
const settings = {
  historyMonths: [12],
  predMonths: [3],
  folds: 3,
  rmseBasis: 'skill',
  weights: { rmse: 0.5, r2: 0.5 },
  hyperParameters: [{ trees: 1, maxDepth: null, minSamplesLeaf: 1, mtry: 'all' }],
  maxBins: 255,
  seed: 1,
  engine: 'forest',
  isEngineForced: false,
  features: ['revenue_sum'],
  winsorise: null,
} as const;
const windows = { historyMonths: 12, predMonths: 3 };

/** A pool whose first task fails; the others compute until somebody aborts them. */
function failingPool(): { readonly pool: ComputePool; readonly aborted: () => number } {
  let tasks = 0;
  let aborted = 0;
  const run = (_name: string, _payload: unknown, signal: AbortSignal): Promise<never> => {
    if (tasks++ === 0) return Promise.reject(new Error('the first fold has failed'));
    return new Promise((_resolve, reject) => {
      const stop = (): void => {
        aborted++;
        reject(signal.reason);
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    });
  };
  return {
    pool: { threads: 1, busy: 0, run, close: async () => {} } as unknown as ComputePool,
    aborted: () => aborted,
  };
}

test('where one fold fails the others are aborted, and what is told is why the first one failed', async () => {
  const { pool, aborted } = failingPool();
  const { signal } = new AbortController();
  await expect(evaluateWindows(shop, windows, settings, { pool, signal }, () => {})).rejects.toThrow(
    'the first fold has failed',
  );
  expect(aborted()).toBe(2);
});

test('a job that is stopped aborts all its folds', async () => {
  const { pool, aborted } = failingPool();
  await pool.run('rankByValueTask', {} as never).catch(() => undefined);
  const stop = new AbortController();
  const work = evaluateWindows(shop, windows, settings, { pool, signal: stop.signal }, () => {});
  const outcome = expect(work).rejects.toThrow('the worker has to stop');
  stop.abort(new Error('the worker has to stop'));
  await outcome;
  expect(aborted()).toBe(3);
});
