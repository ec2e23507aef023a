import { expect, test } from 'vitest';
import { evenRows } from '../../../src/domain/features/evenRows.ts';
import { allocateMatrix, columnOf } from '../../../src/domain/features/matrix.ts';
import { withBtydFeatures } from '../../../src/domain/forecast/contenders/btydFeatures.ts';
import { explainForecast } from '../../../src/domain/forecast/explainForecast.ts';
import { modelForecast } from '../../../src/domain/forecast/modelForecast.ts';
import { Random } from '../../../src/domain/random.ts';

const ROWS = 500;
const random = new Random(8);
const own = allocateMatrix(['revenue_sum', 'recency_days'], ROWS);
for (let row = 0; row < ROWS; row++) {
  own.values[row] = Math.exp(4 + random.normal());
  own.values[ROWS + row] = row === 7 ? Number.NaN : random.below(360);
}
const matrix = withBtydFeatures(own, null);
const base = Float64Array.from({ length: ROWS }, () => Math.exp(5 + random.normal()));

/** A quarter of the purchase model and three of the rate, for the largest customers the other way round. */
function modelOf(passesFrom: number) {
  return {
    model: {
      contenders: [{ name: 'rate' } as const, { name: 'btyd' } as const],
      stack: {
        bulk: [0.75, 0.25],
        largest: [0.25, 0.75],
        gauge: [1, 1],
        reach: null,
        passesFrom,
        passesTo: 4 * passesFrom,
        beyond: null,
      },
      calibration: 1.5,
    },
    months: { historyMonths: 12, predMonths: 6 },
    seasonFactor: 1.1,
  };
}

test('contributions and the forecast of a typical customer add up to the forecast', () => {
  const model = modelOf(100);
  const forecasts = modelForecast(model, matrix, base);
  for (const row of [0, 7, 499]) {
    const { forecast, typical, contributions } = explainForecast(model, matrix, base, row, 3);
    expect(forecast).toBeCloseTo(forecasts[row], 9);
    expect(typical + contributions.reduce((sum, it) => sum + it.contribution, 0)).toBeCloseTo(forecast, 9);
    const sizes = contributions.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  }
});

test('where features do not act on each other, each is credited with what it adds, and an unused one with nothing', () => {
  const row = 42;
  const { contributions } = explainForecast(modelOf(Number.MAX_VALUE), matrix, base, row, 3);
  const others = evenRows(ROWS, 200);
  const aboveOthers = (values: Float64Array): number =>
    values[row] - others.reduce((sum, other) => sum + values[other], 0) / others.length;
  const found = Object.fromEntries(contributions.map(({ feature, ...it }) => [feature, it]));
  // What the purchase model says is told once, not feature by feature.
  expect(Object.keys(found).sort()).toEqual(['btyd', 'recency_days', 'revenue_sum']);
  expect(found.revenue_sum.contribution).toBeCloseTo(
    1.5 * 1.1 * 0.75 * 0.5 * aboveOthers(columnOf(matrix, 'revenue_sum')),
    9,
  );
  expect(found.btyd.contribution).toBeCloseTo(1.5 * 1.1 * 0.25 * aboveOthers(base), 9);
  expect(found.recency_days.contribution).toBe(0);
  expect([found.revenue_sum.value, found.btyd.value]).toEqual([own.values[row], base[row]]);
});

test('the same seed explains a customer the same', () => {
  const explain = (seed: number) => explainForecast(modelOf(100), matrix, base, 7, seed);
  expect(explain(3)).toEqual(explain(3));
  expect(explain(4)).not.toEqual(explain(3));
});
