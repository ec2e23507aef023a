import { expect, test } from 'vitest';
import { countStrayOrders } from '../../../src/domain/calendar/strayOrders.ts';

test.each([
  ['none in a shop that opened', [100, 100, 101, 110], 0],
  ['one, a quarter of a year before the next', [100, 193, 193, 194], 1],
  ['none a day closer than that', [100, 192, 193, 194], 0],
  ['two of one day', [100, 100, 300, 301], 2],
  ['three, however far apart', [100, 200, 300, 1000], 3],
  ['all before the latest gap', [100, 300, 301, 302], 1],
  ['none where there is but one order', [100], 0],
  ['one of two', [100, 500], 1],
])('stray orders: %s', (_, days, count) => {
  expect(countStrayOrders(days)).toBe(count);
});
