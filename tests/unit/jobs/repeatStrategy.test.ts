import { expect, test } from 'vitest';
import { patternOf, repeatStrategy } from '../../../queues/repeatStrategy.ts';
import type { Recurrence } from '../../../src/domain/calendar/recurrence.ts';

const next = async (recurrence: Recurrence, after: string) =>
  new Date(
    (await repeatStrategy(Date.parse(after), { pattern: patternOf(recurrence) }, 'job')) ?? Number.NaN,
  ).toISOString();

test('a calendar comes round at its next slot', async () => {
  const calendar = { launchDate: '2026-02-11', timezone: 'Europe/London', hour: 6 };
  expect(await next({ kind: 'calendar', calendar }, '2026-03-16T06:00:00Z')).toBe('2026-03-30T05:00:00.000Z');
});

test('what is daily comes round at its hour of the business day, also when clocks change', async () => {
  const daily = { kind: 'daily', timezone: 'Europe/Berlin', hour: 4 } as const;
  expect(await next(daily, '2026-03-28T02:59:59Z')).toBe('2026-03-28T03:00:00.000Z');
  expect(await next(daily, '2026-03-28T03:00:00Z')).toBe('2026-03-29T02:00:00.000Z');
  expect(await next(daily, '2026-10-24T02:00:00Z')).toBe('2026-10-25T03:00:00.000Z');
});

test('what comes every few minutes does so at whole multiples', async () => {
  expect(await next({ kind: 'minutes', minutes: 15 }, '2026-03-28T03:14:59Z')).toBe(
    '2026-03-28T03:15:00.000Z',
  );
  expect(await next({ kind: 'minutes', minutes: 15 }, '2026-03-28T03:15:00Z')).toBe(
    '2026-03-28T03:30:00.000Z',
  );
});

test.each([
  undefined,
  '0 6 * * 1',
  'clv:',
  'clv:{"kind":"weekly"}',
  'clv:{"kind":"minutes","minutes":0}',
  'clv:{"kind":"daily","timezone":"Mars/Olympus","hour":4}',
])('a pattern that is none of ours (%s) is an error and not the end of the schedule', (pattern) => {
  expect(() => repeatStrategy(0, { pattern }, 'job')).toThrow(/is not one that CLV Horizon knows/);
});
