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
