import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestContender,
  beyondMeasured,
  learnStack,
  type OriginForecasts,
  onlyContender,
  stackEachUnseen,
} from '../../../src/domain/forecast/combination/learnStack.ts';
import { applyStack, shareOfLargest } from '../../../src/domain/forecast/combination/stack.ts';
import { combine } from '../../../src/domain/forecast/combine.ts';
import { CONTENDERS } from '../../../src/domain/forecast/contenders/contender.ts';
import { Random } from '../../../src/domain/random.ts';

const BTYD = CONTENDERS.findIndex(({ name }) => name === 'btyd');
const FOREST = CONTENDERS.findIndex(({ name }) => name === 'forest');

/** Customers whose contenders err by `errors[k]` of the revenue, up or down. */
function originOf(errors: readonly number[], seed: number, customers = 500): OriginForecasts {
  const random = new Random(seed);
  const actual = Float64Array.from({ length: customers }, () => Math.exp(3 + random.normal()));
  const forecasts = errors.map((error) =>
    actual.map((value) => Math.max(0, value * (1 + error * random.normal()))),
  );
  return { predMonths: 6, actual, forecasts };
}

describe('the weights of a stack', () => {
  test('are non-negative, add up to one, and favour who erred least', () => {
    const { bulk, largest } = learnStack([originOf([2, 1, 0.9, 0.1, 0.8, 0.9], 1)], 6);
    for (const weights of [bulk, largest]) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
    }
    expect(bulk[FOREST]).toBeGreaterThan(0.99);
  });

  test('follow what came later more than what came first', () => {
    const [btydBest, forestBest] = [
      [1, 1, 0.2, 0.3, 1, 1],
      [1, 1, 0.3, 0.2, 1, 1],
    ];
    const late = learnStack([originOf(forestBest, 1), originOf(btydBest, 2)], 6);
    const early = learnStack([originOf(btydBest, 2), originOf(forestBest, 1)], 6);
    expect(late.bulk[FOREST]).toBeGreaterThan(early.bulk[FOREST]);
  });

  test('are those that contenders begin with, the naive ones left out, where nothing is known', () => {
    const { bulk, largest } = learnStack([], 6);
    expect(bulk.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    CONTENDERS.forEach(({ name }, k) => {
      if (name === 'mean' || name === 'rate') expect(bulk[k]).toBe(0);
      else expect(bulk[k]).toBeGreaterThan(0.1);
    });
    expect(largest).toEqual(bulk);
  });

  test('of the largest are not decided by the luck of one giant', () => {
    const [BOOSTED, FOREST_BTYD] = ['boosted', 'forest_btyd'].map((wanted) =>
      CONTENDERS.findIndex(({ name }) => name === wanted),
    );
    // Of a hundred large customers one contender is 50 off and the other 10; of one giant the first happens to be right.
    const isLarge = (row: number): boolean => row > 0 && row <= 100;
    const actual = Float64Array.from({ length: 500 }, (_, row) =>
      row === 0 ? 10_000 : isLarge(row) ? 100 + row : 1,
    );
    const often = actual.map((value, row) => (row === 0 ? value - 1500 : isLarge(row) ? value + 10 : value));
    const once = actual.map((value, row) => (isLarge(row) ? value + 50 : value));
    const others = actual.map((value) => 2 * value);
    const weightsWhere = (right: number) => {
      const forecasts = CONTENDERS.map((_, k) =>
        k === right ? often : k === BOOSTED || k === FOREST_BTYD ? once : others,
      );
      return learnStack([{ predMonths: 6, actual, forecasts }], 6).largest;
    };
    const [boosted, forest] = [weightsWhere(BOOSTED), weightsWhere(FOREST_BTYD)];
    expect(boosted[BOOSTED]).toBeGreaterThan(forest[BOOSTED]);
    expect(forest[FOREST_BTYD]).toBeGreaterThan(boosted[FOREST_BTYD]);
  });

  test('are finite where a contender is never wrong', () => {
    const { bulk, largest } = learnStack([originOf([1, 1, 0, 1, 1, 1], 3)], 6);
    expect(bulk[BTYD]).toBe(1);
    expect(largest[BTYD]).toBe(1);
  });

  test('are those that contenders begin with where only the mean is right, that nobody buys', () => {
    const nobody = new Float64Array(200);
    const forecasts = CONTENDERS.map(({ name }, k) =>
      nobody.map((_, row) => (name === 'mean' ? 0 : 1 + row + k)),
    );
    const { largest } = learnStack([{ predMonths: 3, actual: nobody, forecasts }], 3);
    expect(largest.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(largest[BTYD]).toBeGreaterThan(0.05);
  });

  test('are finite where nothing is expected of nearly all', () => {
    const actual = Float64Array.from({ length: 500 }, (_, row) => (row < 484 ? 0 : row - 483));
    const forecasts = CONTENDERS.map((_, k) => actual.map((value) => value * (1 + k / 10)));
    const stack = learnStack([{ predMonths: 6, actual, forecasts }], 6);
    for (const weight of [...stack.bulk, ...stack.largest]) expect(weight).toBeGreaterThanOrEqual(0);
    const sizes = Float64Array.of(0, 1e-320, 1e-5, 1, 1e4);
    const stacked = applyStack(
      stack,
      CONTENDERS.map(() => sizes),
    );
    stacked.forEach((value, i) => {
      expect(value).toBeCloseTo(sizes[i], 6);
    });
  });

  test('are those of the formula, worked out by hand', () => {
    /** Everybody spends 100, and contender `k` is 10 off times `ratios[k]`. */
    const even = (ratios: readonly number[]): OriginForecasts => ({
      predMonths: 6,
      actual: new Float64Array(1000).fill(100),
      forecasts: ratios.map((ratio) => new Float64Array(1000).fill(100 + 10 * ratio)),
    });
    const shares = (...weights: number[]) =>
      weights.map((weight) => weight / weights.reduce((sum, it) => sum + it, 0));
    const expectClose = (found: readonly number[], wanted: readonly number[]) =>
      wanted.forEach((weight, k) => {
        expect(found[k], CONTENDERS[k].name).toBeCloseTo(weight, 9);
      });
    // A thousand customers are half as certain as very many, so that the rate is 30: an error larger by this halves a weight.
    const halving = Math.LN2 / 30;
    const one = learnStack([even([1, 1, 1, 1 + halving, 1 + 2 * halving, 1])], 6);
    expectClose(one.bulk, shares(0.1, 0.1, 1, 0.5 / 2, 1 / 4, 1));
    // Nobody is larger than the others, so that nothing is known of the largest.
    expectClose(one.largest, shares(0, 0.1, 1, 0.1, 0.7, 1));
    // Of two origins the later one counts for 1 / 1.6, the earlier one for 0.6 / 1.6.
    const two = [even([1, 1, 1, 1 + 1.6 * halving, 1, 1]), even([1, 1, 1, 1, 1 + (1.6 / 0.6) * halving, 1])];
    expectClose(learnStack(two, 6).bulk, shares(0.1, 0.1, 1, 0.5 / 2, 1 / 2, 1));
  });

  test('are those of the bulk for nine customers in ten, and those of the largest for two in a hundred', () => {
    const actual = Float64Array.from({ length: 100 }, (_, row) => row + 1);
    const forecasts = CONTENDERS.map(() => actual);
    expect(learnStack([{ predMonths: 6, actual, forecasts }], 6)).toMatchObject({
      passesFrom: 91,
      passesTo: 99,
    });
  });

  test('pass from the bulk to the largest at sizes that grow with the window', () => {
    const origin = originOf([1, 1, 0.3, 0.3, 0.3, 0.3], 4);
    const [half, whole] = [learnStack([{ ...origin, predMonths: 3 }], 6), learnStack([origin], 6)];
    expect(half.passesFrom).toBeCloseTo(2 * whole.passesFrom, 9);
    expect(half.passesTo).toBeCloseTo(2 * whole.passesTo, 9);
  });
});

describe('a stack', () => {
  test('weighs the bulk and the largest by their own weights, and passes between them', () => {
    const weights = {
      bulk: [1, 0],
      largest: [0, 1],
      gauge: [1, 0],
      reach: null,
      passesFrom: 10,
      passesTo: 1000,
      beyond: null,
    };
    const forecasts = [Float64Array.of(5, 10, 100, 1000, 4000), Float64Array.of(7, 7, 200, 7, 7)];
    expect([...applyStack(weights, forecasts)]).toEqual([5, 10, 150, 7, 7]);
    expect(shareOfLargest(100, weights)).toBeCloseTo(0.5, 12);
    // Where so many are of one size that both bounds are that size, they are the bulk.
    const alike = { passesFrom: 7, passesTo: 7 };
    expect([6, 7, 8].map((size) => shareOfLargest(size, alike))).toEqual([0, 0, 1]);
  });

  test('follows who strays from the median so far only', () => {
    const weights = { ...onlyContender(0), bulk: [0.5, 0.5, 0], gauge: [1, 1, 1], reach: 1.25 };
    const forecasts = [
      Float64Array.of(100, 300, 10, 0),
      Float64Array.of(110, 100, 100, 50),
      Float64Array.of(90, 80, 200, 0),
    ];
    expect([...applyStack(weights, forecasts)]).toEqual([105, (125 + 100) / 2, (80 + 100) / 2, 0]);
    expect([...applyStack({ ...weights, reach: null }, forecasts)]).toEqual([105, 200, 55, 25]);
  });

  test('leaves who is far larger than all measured customers to the purchase model and the larger rate', () => {
    const stack = { ...onlyContender(FOREST), beyond: { from: 500, to: 1000 } };
    const alike = Float64Array.of(100, 600, 2000, 2000);
    const forecasts = CONTENDERS.map(({ name }) => {
      if (name === 'rate') return Float64Array.of(900, 900, 4000, 30);
      return name === 'forest' ? Float64Array.of(100, 600, 100, 100) : alike;
    });
    const [usual, between, lasting, young] = applyStack(stack, forecasts);
    expect(usual).toBe(100);
    const far = Math.log(600 / 500) / Math.log(2);
    expect(between).toBeCloseTo((1 - far) * 600 + (far * (600 + 900)) / 2, 9);
    // Sizes are means of the four that are not naive: (3 * 2000 + 100) / 4 = 1525.
    expect(lasting).toBe((2000 + 4000) / 2);
    expect(young).toBe(2000);
  });

  test('begins to do so at five times the largest measured size, which grows with the window', () => {
    const actual = Float64Array.of(1, 30, 7);
    const forecasts = CONTENDERS.map(({ name }) => (name === 'rate' ? actual.map((it) => 9 * it) : actual));
    const older = { predMonths: 3, actual, forecasts: forecasts.map((it) => it.map((value) => value / 10)) };
    const origins = [{ predMonths: 3, actual, forecasts }, older];
    expect(beyondMeasured(origins, 6)).toEqual({ from: 5 * 2 * 30, to: 10 * 2 * 30 });
    expect(learnStack(origins, 6).beyond).toEqual({ from: 300, to: 600 });
    expect(learnStack([], 6).beyond).toBeNull();
  });

  test('lies between the least and the largest of its contenders', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const origins = [
          originOf([1, 0.5, 0.4, 0.3, 0.4, 0.3], seed, 60),
          originOf([1, 1, 0.2, 1, 1, 1], seed + 1, 60),
        ];
        const stacked = applyStack(learnStack(origins, 6), origins[0].forecasts);
        stacked.forEach((value, row) => {
          const own = origins[0].forecasts.map((forecast) => forecast[row]);
          expect(value).toBeGreaterThanOrEqual(Math.min(...own) - 1e-9);
          expect(value).toBeLessThanOrEqual(Math.max(...own) + 1e-9);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('of one contender is that contender', () => {
    const { forecasts } = originOf([1, 1, 1, 1, 1, 1], 5);
    expect(applyStack(onlyContender(BTYD), forecasts)).toEqual(forecasts[BTYD]);
  });

  test('is measured at each origin with weights that did not see it', () => {
    const origins = [originOf([1, 1, 0.1, 0.9, 0.9, 0.9], 6), originOf([1, 1, 0.9, 0.1, 0.9, 0.9], 7)];
    const [first] = stackEachUnseen(origins);
    expect(first).toEqual(applyStack(learnStack([origins[1]], 6), origins[0].forecasts));
  });
});

test('the best contender is the one with the smallest error over the origins', () => {
  expect(bestContender([originOf([1, 1, 0.2, 0.5, 1, 1], 8), originOf([1, 1, 0.2, 0.5, 1, 1], 9)])).toBe(
    BTYD,
  );
});

test('the mean, which tells no customer from another, is never the best contender', () => {
  const origin = originOf([0.1, 1, 0.2, 0.5, 1, 1], 8);
  expect(bestContender([origin, origin])).toBe(BTYD);
});

test.each([
  [1.1, 1.1, 0.03],
  [3, 1.2, 1e-12],
  [0.2, 1 / 1.2, 1e-12],
])('totals that were missed by a factor of %d at every origin are corrected by %d', (missed, by, within) => {
  const season = { anchor: '2026-01-01', index: new Array<number>(12).fill(1), shift: null };
  const origins = [1, 2, 3].map((seed) => {
    const { forecasts, actual, predMonths } = originOf([0, 0, 0, 0, 0, 0], seed);
    return { forecasts, actual: actual.map((value) => missed * value), predMonths, distributions: null };
  });
  const { calibration } = combine(origins, null, { predMonths: 6, season });
  expect(Math.abs(calibration - by)).toBeLessThan(within);
});

test('a combination is the stack of all, or one contender, and has intervals from one origin on', () => {
  const origins = [1, 2].map((seed) => ({ ...originOf([1, 1, 0.2, 0.5, 1, 1], seed), distributions: null }));
  const combined = (known: number, single: number | null) =>
    combine(origins.slice(0, known), single, { predMonths: 6, season: null });
  expect(combined(2, null).stack).toEqual(learnStack(origins, 6));
  expect(combined(2, FOREST).stack).toEqual({
    ...onlyContender(FOREST),
    beyond: beyondMeasured(origins, 6),
  });
  expect(combined(0, null).intervals).toBeNull();
  expect(combined(1, null).intervals).not.toBeNull();
});
