import { expect, test } from 'vitest';
import { dueInstant } from '../../../src/domain/calendar/maturity.ts';

const due = (cutoff: string, predMonths: number, timezone: string, dataLagHours = 0) =>
  new Date(dueInstant({ cutoff, predMonths }, { timezone, dataLagHours })).toISOString();

test('a window is due at midnight of the shop on the day on which it ends', () => {
  expect(due('2026-01-05', 6, 'UTC')).toBe('2026-07-05T00:00:00.000Z');
  expect(due('2026-01-05', 6, 'Europe/Berlin')).toBe('2026-07-04T22:00:00.000Z');
  expect(due('2026-08-01', 6, 'Europe/Berlin')).toBe('2027-01-31T23:00:00.000Z');
});

test('the day is clamped to the end of the month', () => {
  expect(due('2024-08-31', 6, 'UTC')).toBe('2025-02-28T00:00:00.000Z');
});

test('the lag of the data counts in hours that pass, also over a change of clocks', () => {
  expect(due('2025-09-29', 6, 'Europe/Berlin', 6)).toBe('2026-03-29T05:00:00.000Z');
  expect(due('2026-01-05', 6, 'UTC', 30)).toBe('2026-07-06T06:00:00.000Z');
});

test('midnight that clocks skip is the first moment of that day', () => {
  // Clocks in Beirut went from 00:00 to 01:00 on this day.
  expect(due('2024-09-30', 6, 'Asia/Beirut')).toBe('2025-03-29T22:00:00.000Z');
});
