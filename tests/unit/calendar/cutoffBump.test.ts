import { expect, test } from 'vitest';
import { nextCutoff } from '../../../src/domain/calendar/cutoffBump.ts';

test('a young shop moves on by a fortnight, up to the last day of its twelfth week', () => {
  expect(nextCutoff('2026-01-05', '2026-01-05')).toBe('2026-01-19');
  expect(nextCutoff('2026-03-29', '2026-01-05')).toBe('2026-04-12');
});

test('from the first day after twelve weeks it moves on by thirty days', () => {
  expect(nextCutoff('2026-03-30', '2026-01-05')).toBe('2026-04-29');
});

test('a shop without a launch date counts as established', () => {
  expect(nextCutoff('2026-01-05', null)).toBe('2026-02-04');
});
