import { afterAll, expect, test } from 'vitest';
import type { EvaluatedOrigin } from '../../src/domain/forecast/combine.ts';
import { CONTENDERS } from '../../src/domain/forecast/contenders/contender.ts';
import { Random } from '../../src/domain/random.ts';
import { reasonOf } from '../../workers/modelBuild/describeContest.ts';
import { decideTournament } from '../../workers/modelBuild/tournament/decideTournament.ts';
import { createComputePool } from '../../workers/pool.ts';

const what = { predMonths: 6, season: null, seed: 1 };
const pool = createComputePool({ threads: 1 });
afterAll(() => pool.close());

function originOf(seed: number, isClosed = false): EvaluatedOrigin {
  const random = new Random(seed);
  const expected = Float64Array.from({ length: 300 }, () => Math.exp(3 + random.normal()));
  return {
    predMonths: 6,
    actual: expected.map((value) => (isClosed ? 0 : value * Math.exp(0.3 * random.normal()))),
    forecasts: CONTENDERS.map(({ name }) =>
      expected.map((value) => (name === 'mean' ? 0 : value * Math.exp(0.2 * random.normal()))),
    ),
    distributions: null,
  };
}

test('months in which the shop was closed decide nothing', async () => {
  const context = { pool, signal: new AbortController().signal };
  const open = [originOf(1), originOf(2)];
  const decided = await decideTournament([originOf(3, true), ...open, originOf(4, true)], what, context);
  expect(decided).toEqual(await decideTournament(open, what, context));
  expect(await decideTournament([originOf(3, true)], what, context)).toEqual(
    await decideTournament([], what, context),
  );
});

test('intervals of shorter windows are of sizes that grow with the window', async () => {
  const context = { pool, signal: new AbortController().signal };
  const origins = [originOf(1), originOf(2)];
  const sizesOf = async (predMonths: number): Promise<readonly number[]> =>
    (await decideTournament(origins, { ...what, predMonths }, context)).intervals?.sizes ?? [];
  const [own, doubled] = [await sizesOf(6), await sizesOf(12)];
  expect(own.length).toBeGreaterThan(1);
  expect(doubled).toEqual(own.map((size) => 2 * size));
});

test('the reason names the origins that decided, and differences in any currency', async () => {
  const context = { pool, signal: new AbortController().signal };
  const closed = [originOf(3, true), originOf(4, true)];
  const says = async (origins: readonly EvaluatedOrigin[]): Promise<string> =>
    reasonOf(await decideTournament(origins, what, context));
  expect(await says(closed)).toContain('weights that contenders begin with');
  expect(await says([...closed, originOf(1)])).toContain('weights learned at one origin');
  const small = [originOf(1), originOf(2)].map((origin) => ({
    ...origin,
    actual: origin.actual.map((value) => value / 1e5),
    forecasts: origin.forecasts.map((forecast) => forecast.map((value) => value / 1e5)),
  }));
  const found = /latest origin: (-?[\d.]+);/.exec(await says(small));
  expect(Math.abs(Number(found?.[1]))).toBeGreaterThan(0);
});
