import { expect, test } from 'vitest';
import { fitBtyd } from '../../../src/domain/btyd/fitBtyd.ts';
import { medianWeeksToNextOrder } from '../../../src/domain/btyd/nextOrder.ts';
import { predictBtyd } from '../../../src/domain/btyd/predictBtyd.ts';
import { summaryOf } from './simulateCustomers.ts';

/** Everybody buys about every ten weeks, for 30. */
const alike = summaryOf(
  Array.from({ length: 400 }, (_, i) => {
    const x = 3 + (i % 9);
    return [x, 10 * x - (i % 4), 10 * x + (i % 7), 30 + (i % 5)];
  }),
);
/** One buys every week, one as often as the others, one twice within a week, and one has left. */
const measured = summaryOf([
  [100, 100, 100, 30],
  [10, 100, 100, 30],
  [1, 0.5, 3, 30],
  [100, 100, 160, 30],
]);

test('who buys ten times as often as customers who are alike is expected to go on', () => {
  const model = fitBtyd(alike, { byValue: true });
  expect(model.purchases.parameters.r).toBeGreaterThan(100);
  const { expectedPurchases, pAlive } = predictBtyd(model, measured, 26);
  expect(expectedPurchases[0]).toBeGreaterThan(20);
  expect(expectedPurchases[0]).toBeLessThan(27);
  expect(pAlive[3]).toBeLessThan(0.01);
  expect(medianWeeksToNextOrder(model, measured)[0]).toBeLessThan(1);
});

test('nobody else is, and no model as in the literature knows of it', () => {
  const [byValue, literature] = [fitBtyd(alike, { byValue: true }), fitBtyd(alike)];
  const usual = predictBtyd(byValue, measured, 26).expectedPurchases;
  expect(Math.abs(usual[1] - 2.5)).toBeLessThan(0.2);
  expect(usual[2]).toBeLessThan(3);
  expect(predictBtyd(literature, measured, 26).expectedPurchases[0]).toBeLessThan(5);
});
