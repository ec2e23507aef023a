import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wholeMonths } from '../../../src/domain/calendar/dataSpan.ts';
import { addMonths, fromEpochDay } from '../../../src/domain/calendar/dates.ts';
import { tooFewCustomers, tooFewFolds } from '../../../src/domain/gridsearch/combinations.ts';
import { rollingOriginFolds } from '../../../src/domain/gridsearch/folds.ts';

const span = { firstDate: '2020-01-01', dataEnd: '2023-01-01' };

test('fold k is measured k months before the latest origin, and fitted one horizon before that', () => {
  expect(rollingOriginFolds({ historyMonths: 12, predMonths: 6 }, span, 2)).toEqual([
    { index: 0, validationCutoff: '2022-07-01', trainCutoff: '2022-01-01' },
    { index: 1, validationCutoff: '2022-06-01', trainCutoff: '2021-12-01' },
  ]);
});

test('folds whose history begins before the orders are left out', () => {
  expect(rollingOriginFolds({ historyMonths: 18, predMonths: 9 }, span, 4).length).toBe(1);
  expect(rollingOriginFolds({ historyMonths: 18, predMonths: 12 }, span, 4)).toEqual([]);
});

test('no fold is fitted on a day that it is measured on, whatever the last day of the orders', () => {
  const day = fc.integer({ min: 10_000, max: 20_000 });
  const months = fc.integer({ min: 1, max: 24 });
  fc.assert(
    fc.property(day, months, months, (end, historyMonths, predMonths) => {
      const data = { firstDate: '1990-01-01', dataEnd: fromEpochDay(end) };
      for (const fold of rollingOriginFolds({ historyMonths, predMonths }, data, 6)) {
        expect(addMonths(fold.trainCutoff, predMonths) <= fold.validationCutoff).toBe(true);
        expect(addMonths(fold.validationCutoff, predMonths) <= data.dataEnd).toBe(true);
        expect(addMonths(fold.trainCutoff, -historyMonths) >= data.firstDate).toBe(true);
      }
    }),
  );
});

test('the months of a span are counted whole', () => {
  expect(wholeMonths(span)).toBe(36);
  expect(wholeMonths({ firstDate: '2020-01-02', dataEnd: '2023-01-01' })).toBe(35);
  expect(wholeMonths({ firstDate: '2022-12-02', dataEnd: '2023-01-01' })).toBe(0);
});

test('a single fold is too few, and the reason says from when on orders are needed', () => {
  const windows = { historyMonths: 18, predMonths: 9 };
  expect(tooFewFolds(windows, 1, span)).toBe(
    'only one fold has a full history: 2 folds take 37 months of orders, from 2019-12-01 on, and they begin on 2020-01-01',
  );
  expect(tooFewFolds(windows, 2, span)).toBeNull();
});

test('the reason does not contradict itself where a day is clamped to the end of its month', () => {
  // Five whole months of orders, and five are what two folds of these windows take; but they are not those five.
  const windows = { historyMonths: 2, predMonths: 1 };
  const clamped = { firstDate: '2022-08-31', dataEnd: '2023-01-31' };
  expect(wholeMonths(clamped)).toBe(5);
  const { length } = rollingOriginFolds(windows, clamped, 2);
  expect(tooFewFolds(windows, length, clamped)).toBe(
    'only one fold has a full history: 2 folds take 5 months of orders, from 2022-08-30 on, and they begin on 2022-08-31',
  );
});

test('folds are too few only where the orders begin after the day that is named', () => {
  const [day, months] = [fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 9 })];
  fc.assert(
    fc.property(day, day, months, months, (first, length, historyMonths, predMonths) => {
      const windows = { historyMonths, predMonths };
      const data = {
        firstDate: fromEpochDay(19_000 + first),
        dataEnd: fromEpochDay(19_001 + first + length),
      };
      const reason = tooFewFolds(windows, rollingOriginFolds(windows, data, 4).length, data);
      const [, needed] = /from (\S+) on/.exec(reason ?? '') ?? [];
      expect(needed === undefined || needed < data.firstDate).toBe(true);
    }),
  );
});

test('a fold needs a hundred customers, or five in a hundred where that is more', () => {
  expect(tooFewCustomers(99, 500)).toContain('at least 100');
  expect(tooFewCustomers(100, 500)).toBeNull();
  expect(tooFewCustomers(499, 10_000)).toContain('at least 500');
  expect(tooFewCustomers(500, 10_000)).toBeNull();
  expect(tooFewCustomers(100, 2010)).toContain('at least 101');
});
