import { expect, test } from 'vitest';
import { decidedAlone } from '../../../src/domain/words/outlierWords.ts';

test.each([
  [
    ['a'],
    'Customer a, more than ten times as large as any other, can decide it alone: without this customer',
  ],
  [
    ['a', 'b'],
    'Customers a, b, more than ten times as large as any who is not named here, can decide it alone: without them',
  ],
])('of %j it is said: %s', (ids, says) => {
  expect(decidedAlone(ids, 'it')).toBe(says);
});
