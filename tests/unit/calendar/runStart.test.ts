import { expect, test } from 'vitest';
import { startOfRun } from '../../../src/domain/calendar/runStart.ts';

const RULES = { timezone: 'America/Sao_Paulo', hour: 6 };
/** Half an hour before midnight in the zone, when the next day has begun in UTC. */
const LATE = Date.parse('2026-03-01T23:30:00-03:00');

test('a run of a cutoff ahead waits for the hour of that day in the business zone', () => {
  expect(startOfRun('2026-03-02', LATE, RULES)).toBe(Date.parse('2026-03-02T06:00:00-03:00'));
});

test.each(['2026-03-01', '2026-02-28'])('a run of %s, whose day has come, does not wait', (cutoff) => {
  expect(startOfRun(cutoff, LATE, RULES)).toBeNull();
});
