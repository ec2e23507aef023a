import { expect, test } from 'vitest';
import { dataReach, paceWindow } from '../../../src/domain/drift/dataReach.ts';

const END = '2025-07-01';

test.each(['2025-06-30', '2025-07-01', '2025-12-24'])(
  'an order on the last day or after it reaches the end: %s',
  (lastDate) => {
    expect(dataReach({ lastDate, recentOrders: 100_000 }, END, 0)).toMatchObject({
      isReached: true,
      quietDays: 0,
    });
  },
);

test('a busy shop without an order on the last day is waited for', () => {
  expect(dataReach({ lastDate: '2025-06-29', recentOrders: 9000 }, END, 0)).toEqual({
    isReached: false,
    quietDays: 1,
    allowedQuietDays: 0,
  });
});

test('a small shop is not blocked by days without orders that are usual for it, and is by more', () => {
  // An order every nine days: 4.6 orders are to be expected in 41 days.
  const reach = (lastDate: string) => dataReach({ lastDate, recentOrders: 10 }, END, 0);
  expect(reach('2025-05-20')).toEqual({ isReached: true, quietDays: 41, allowedQuietDays: 41 });
  expect(reach('2025-05-19').isReached).toBe(false);
});

test('a person may allow more quiet days, and cannot allow fewer', () => {
  const end = { lastDate: '2025-05-19', recentOrders: 10 };
  expect(dataReach(end, END, 42).isReached).toBe(true);
  expect(dataReach({ ...end, lastDate: '2025-05-20' }, END, 1).isReached).toBe(true);
});

test('the pace is that of the ninety days up to the newest order', () => {
  expect(paceWindow('2025-06-30')).toEqual({ start: '2025-04-02', end: '2025-07-01' });
});
