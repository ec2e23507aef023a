import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/domain/random.ts';
import { compareWithRivals, type RivalComparisons } from '../../workers/modelBuild/compareWithRivals.ts';
import { type ComputePool, createComputePool } from '../../workers/pool.ts';

const CUSTOMERS = 400;

let pool: ComputePool;
beforeAll(() => {
  pool = createComputePool({ threads: 2 });
});
afterAll(() => pool?.close());

/** Forecasts that miss by a number drawn up to so much. */
function hold(misses: Readonly<Record<string, number>>): Promise<RivalComparisons> {
  const random = new Random(5);
  const labels = Float64Array.from({ length: CUSTOMERS }, () => 1000 * random.uniform());
  const [champion, ...contenders] = Object.entries(misses).map(([name, most]) => ({
    name,
    predicted: labels.map((label) => label + most * random.uniform()),
  }));
  const measured = {
    customers: { labels },
    champion: champion.predicted,
    contenders,
  };
  return compareWithRivals(measured, 1, { pool, signal: new AbortController().signal });
}

test('a benchmark that did better beyond chance is a loss, and another forecast is none', async () => {
  const { losses, best } = await hold({ champion: 50, rate: 90, btyd: 20, forest: 10 });
  expect(losses.map(({ name }) => name)).toEqual(['btyd']);
  expect(losses[0].says).toMatch(/btyd is better than the model .* beyond chance/);
  expect(losses[0].interval[0]).toBeGreaterThan(0);
  expect(best?.name).toBe('forest');
  expect(best?.rmse_difference).toBeGreaterThan(losses[0].rmse_difference);
});

test('a model that did worse than the mean for everybody has lost, too', async () => {
  expect((await hold({ champion: 5000, mean: 900 })).losses.map(({ name }) => name)).toEqual(['mean']);
});

test('a lead by chance is no loss, and is called what it is', async () => {
  const { losses, best } = await hold({ champion: 50, rate: 49.9, mean: 200 });
  expect(losses).toEqual([]);
  expect(best).toMatchObject({ name: 'rate', says: expect.stringContaining('may be chance') });
});

test('a model without rivals is held against nothing', async () => {
  expect(await hold({ champion: 50 })).toEqual({ losses: [], best: null });
});
