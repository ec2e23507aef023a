import { expect, test } from 'vitest';
import { customersToFit } from '../../../src/domain/forecast/purchases/customersToFit.ts';

/** So many customers, the i-th of an age of i weeks, over and over from `from` to `to`. */
function summaryOf(customers: number, from: number, to: number) {
  const ageWeeks = Float64Array.from({ length: customers }, (_, i) => from + (i % (to - from + 1)));
  const column = (offset: number) => ageWeeks.map((_, i) => 10 * i + offset);
  return {
    repeatPurchases: column(1),
    recencyWeeks: column(2),
    ageWeeks,
    meanRepeatValue: column(3),
    firstValue: column(4),
  };
}

test('a purchase model is fitted on the customers of the last 18 months, rows kept together', () => {
  const all = summaryOf(4000, 1, 200);
  const [fitted, otherwise] = customersToFit(all);
  expect(otherwise).toBe(all);
  expect(fitted.ageWeeks).toHaveLength(20 * 78);
  expect(Math.max(...fitted.ageWeeks)).toBe(78);
  const row = 1000;
  const original = all.repeatPurchases.indexOf(fitted.repeatPurchases[row]);
  for (const name of [
    'repeatPurchases',
    'recencyWeeks',
    'ageWeeks',
    'meanRepeatValue',
    'firstValue',
  ] as const)
    expect(fitted[name][row]).toBe(all[name][original]);
});

test('where those are too few, or all there are, it is fitted on everybody', () => {
  const few = summaryOf(2000, 1, 200);
  expect(customersToFit(few)).toEqual([few]);
  const young = summaryOf(5000, 1, 78);
  expect(customersToFit(young)).toEqual([young]);
});

test('outliers are in neither group', () => {
  const all = summaryOf(4000, 1, 200);
  all.firstValue[0] = 1e12;
  expect(customersToFit(all).map(({ firstValue }) => Math.max(...firstValue) < 1e6)).toEqual([true, true]);
});

test('where customers order once a year, on those of four years: in 18 months nobody has had time to come back twice', () => {
  const all = summaryOf(6000, 1, 300);
  const yearly = { ...all, recencyWeeks: all.repeatPurchases.map((purchases) => 52 * purchases) };
  const [fitted] = customersToFit(yearly);
  expect(Math.max(...fitted.ageWeeks)).toBe(208);
  // Those who never came back have no gap.
  const once = { ...yearly, repeatPurchases: all.repeatPurchases.map((n, i) => (i % 2 === 0 ? n : 0)) };
  expect(Math.max(...customersToFit(once)[0].ageWeeks)).toBe(208);
});
