import { expect, test } from 'vitest';
import { counted } from '../../../src/domain/words/counted.ts';

test.each([
  [0, '0 customers'],
  [1, '1 customer'],
  [2, '2 customers'],
  [1234567, '1,234,567 customers'],
])('%d is told as %s', (count, told) => {
  expect(counted(count, 'customer')).toBe(told);
});
