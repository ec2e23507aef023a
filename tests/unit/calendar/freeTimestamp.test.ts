import { expect, test } from 'vitest';
import { freeTimestamp } from '../../../src/domain/calendar/freeTimestamp.ts';

test('what is asked for in a second that is taken gets the next one that is not', async () => {
  const taken = new Set(['20251231_235958', '20251231_235959']);
  const free = (epochMs: number) => freeTimestamp(epochMs, async (stamp) => taken.has(stamp));
  expect(await free(Date.UTC(2025, 11, 31, 23, 59, 58, 700))).toBe('20260101_000000');
  expect(await free(Date.UTC(2025, 11, 31, 20, 1, 2))).toBe('20251231_200102');
});
