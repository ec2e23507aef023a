import { expect, test } from 'vitest';
import { chosenCombination } from '../../../src/domain/gridsearch/chosenCombination.ts';

const combination = (
  history_months: number,
  rank: number | null,
  status: 'evaluated' | 'skipped' = 'evaluated',
) => ({ history_months, pred_months: 6, status, reason: status === 'skipped' ? 'too few folds' : '', rank });

const SEARCH = [
  combination(12, null),
  combination(12, 4),
  combination(12, 2),
  combination(6, 1),
  combination(24, null, 'skipped'),
];
const chosen = (history_months: number) => chosenCombination(SEARCH, { history_months, pred_months: 6 });

test('of the combinations of a window the best ranked is chosen', () => {
  expect(chosen(12).rank).toBe(2);
});

test.each([
  [24, 'The search skipped 24 months of history and 6 ahead: too few folds.'],
  [9, 'The search did not look at 9 months of history and 6 ahead.'],
])(
  'a window of %d months that was not evaluated is refused with the windows that were',
  (months, message) => {
    expect(() => chosen(months)).toThrow(
      expect.objectContaining({
        code: 'WINDOW_NOT_EVALUATED',
        message,
        remedy: expect.stringContaining('(12x6, 6x6)'),
      }),
    );
  },
);
