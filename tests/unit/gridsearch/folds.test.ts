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
});

test('a single fold is too few, and the reason says how many months would do', () => {
  expect(tooFewFolds({ historyMonths: 18, predMonths: 9 }, 1, 36)).toContain('take 37 months of orders');
  expect(tooFewFolds({ historyMonths: 18, predMonths: 9 }, 2, 37)).toBeNull();
});

test('a fold needs a hundred customers, or five in a hundred where that is more', () => {
  expect(tooFewCustomers(99, 500)).toContain('at least 100');
  expect(tooFewCustomers(100, 500)).toBeNull();
  expect(tooFewCustomers(499, 10_000)).toContain('at least 500');
  expect(tooFewCustomers(500, 10_000)).toBeNull();
  expect(tooFewCustomers(100, 2010)).toContain('at least 101');
});
