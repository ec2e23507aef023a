import { expect, test } from 'vitest';
import { observedMonths } from '../../../src/domain/calendar/windows.ts';

const pair = { historyMonths: 12, predMonths: 6 };

test('a history is as long as the shop has seen of it, and no longer than it is', () => {
  expect(observedMonths(pair, '2026-01-01', '2025-01-01')).toEqual(pair);
  expect(observedMonths(pair, '2026-01-01', '2019-05-05')).toEqual(pair);
  const { historyMonths, predMonths } = observedMonths(pair, '2026-01-01', '2025-10-02');
  expect(historyMonths).toBeCloseTo((12 * 91) / 365, 12);
  expect(predMonths).toBe(6);
});

test('a history of no day, at the opening of the shop or before it, counts as one of a day', () => {
  const { historyMonths: ofADay } = observedMonths(pair, '2026-01-01', '2025-12-31');
  expect(ofADay).toBeGreaterThan(0);
  expect(observedMonths(pair, '2026-01-01', '2026-01-01').historyMonths).toBe(ofADay);
  expect(observedMonths(pair, '2026-01-01', '2026-03-01').historyMonths).toBe(ofADay);
});
