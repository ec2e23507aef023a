import { expect, test } from 'vitest';
import { describeDrift } from '../../../src/cli/describeDrift.ts';
import { isInSample } from '../../../src/domain/drift/inSample.ts';
import { resultOf } from '../drift/driftResults.ts';

test('each window is a row, and one whose months the model knew is marked and explained', () => {
  const [held, alert] = [resultOf('2025-01-01', 51), resultOf('2025-02-01', 75)];
  const said = describeDrift(
    [
      { result: held, isInSample: false },
      { result: alert, isInSample: true },
    ],
    [],
  );
  expect(said).toMatch(/^2025-01-01 .* 51\.00 +50\.00 +\+2\.0 % .* ok$/m);
  expect(said).toMatch(/^2025-02-01 .* \+50\.0 % .* ALERT \(rmse\), in sample$/m);
  expect(said).toContain('In sample: the model had learned from months of that window');
  expect(describeDrift([{ result: held, isInSample: false }], [])).not.toContain('In sample');
  expect(describeDrift([], [])).toContain('No window has been measured yet');
});

test('windows that nobody has compared yet are named, with what does it', () => {
  expect(describeDrift([], [{ cutoff: '2025-01-01', predMonths: 6 }])).toContain(
    'The 6 months from 2025-01-01 have passed and were not compared yet; clv serve or clv worker does that.',
  );
});

test.each([
  ['2025-07-01', false],
  ['2025-06-30', true],
])('a model whose labels end before 2025-07-01 knew months of the window from %s: %s', (cutoff, is) => {
  expect(isInSample({ cutoff }, '2025-07-01')).toBe(is);
  expect(isInSample({ cutoff }, undefined)).toBe(false);
});
