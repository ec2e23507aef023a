import { expect, test } from 'vitest';
import { reviewDue } from '../../../src/domain/governance/reviewDue.ts';

test.each([
  // A window that was approved: due more than a quarter later, and every quarter from then on.
  ['2025-08-31', '2025-01-01', '2025-11-30', null],
  ['2025-08-31', '2025-01-01', '2025-12-01', '2025-11-30'],
  ['2025-08-31', '2025-01-01', '2026-02-28', '2025-11-30'],
  ['2025-08-31', '2025-01-01', '2026-03-01', '2026-02-28'],
  ['2025-08-31', '2025-01-01', '2026-06-01', '2026-05-31'],
  // One that nobody ever approved: from the day after its champion went into service.
  [null, '2025-08-31', '2025-08-31', null],
  [null, '2025-08-31', '2025-09-01', '2025-08-31'],
  [null, '2025-08-31', '2025-12-01', '2025-11-30'],
])('approved %s, in service since %s: on %s the review of %s is due', (approved, since, today, due) => {
  expect(reviewDue(approved, since, 3, today)).toBe(due);
});

test('the interval is the one of the config', () => {
  expect(reviewDue('2025-01-31', '2025-01-01', 1, '2025-03-01')).toBe('2025-02-28');
  expect(reviewDue('2025-01-31', '2025-01-01', 12, '2025-03-01')).toBeNull();
});
