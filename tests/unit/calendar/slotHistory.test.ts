import { describe, expect, test } from 'vitest';
import type { Calendar } from '../../../src/domain/calendar/cadence.ts';
import { decideSlots, openSlots, type SlotOutcome } from '../../../src/domain/calendar/slotHistory.ts';

const CALENDAR: Calendar = { launchDate: '2026-01-05', timezone: 'UTC', hour: 6 };
const [A, B, C] = ['2026-01-05', '2026-01-19', '2026-02-02'].map((date) => Date.parse(`${date}T06:00:00Z`));
const DAY = 86_400_000;

const history = (sinceMs: number, outcomes: [number, SlotOutcome][] = []) => ({
  followed: { calendar: CALENDAR, sinceMs },
  outcomes: new Map(outcomes),
});

describe('open slots', () => {
  test('are those that came since the calendar is followed and that nothing became of', () => {
    expect(openSlots(history(A), C)).toEqual([B, C]);
    expect(openSlots(history(A - 1), C - 1)).toEqual([A, B]);
    expect(
      openSlots(
        history(A - 1, [
          [A, 'run'],
          [B, 'skipped'],
        ]),
        C + DAY,
      ),
    ).toEqual([C]);
  });

  test('of a calendar that is no longer followed stay open until something becomes of them', () => {
    const left = {
      followed: null,
      outcomes: new Map<number, SlotOutcome>([
        [A, 'open'],
        [B, 'covered'],
      ]),
    };
    expect(openSlots(left, C)).toEqual([A]);
  });

  test('are none where no calendar is followed', () => {
    expect(openSlots({ followed: null, outcomes: new Map() }, C)).toEqual([]);
  });
});

describe('missed slots', () => {
  const late = { nowMs: C + 2 * DAY, isEarlierRunOpen: false } as const;
  const onTime = { nowMs: C + 1000, isEarlierRunOpen: false } as const;

  test('lead to one run, for the latest of them', () => {
    expect(decideSlots([A, B, C], { ...late, policy: 'one' })).toEqual({
      run: C,
      covered: [A, B],
      skipped: [],
      waiting: [],
      missed: [A, B, C],
    });
  });

  test('lead to one run each, the oldest first', () => {
    expect(decideSlots([A, B, C], { ...late, policy: 'all' })).toMatchObject({ run: A, waiting: [B, C] });
  });

  test('that have a run each wait until the earlier run is complete', () => {
    expect(decideSlots([B, C], { ...late, policy: 'all', isEarlierRunOpen: true })).toMatchObject({
      run: null,
      waiting: [B, C],
    });
  });

  test('lead to no run, and a slot that is on time has its own', () => {
    expect(decideSlots([A, B, C], { ...late, policy: 'none' })).toMatchObject({
      run: null,
      skipped: [A, B, C],
    });
    expect(decideSlots([A, B, C], { ...onTime, policy: 'none' })).toMatchObject({ run: C, skipped: [A, B] });
  });

  test.each(['one', 'all', 'none'] as const)('are none where the slot is on time (%s)', (policy) => {
    expect(decideSlots([C], { ...onTime, policy })).toMatchObject({ run: C, missed: [] });
  });

  test('begin more than an hour after their instant', () => {
    const hour = 3_600_000;
    const missedAt = (nowMs: number) =>
      decideSlots([C], { nowMs, policy: 'none', isEarlierRunOpen: false }).missed;
    expect(missedAt(C + hour)).toEqual([]);
    expect(missedAt(C + hour + 1)).toEqual([C]);
  });

  test('a slot that is on time tries a run again that failed', () => {
    expect(decideSlots([B, C], { ...onTime, policy: 'all', isEarlierRunOpen: true })).toMatchObject({
      run: C,
      waiting: [B],
    });
  });

  test.each(['one', 'all', 'none'] as const)('none at all lead to nothing (%s)', (policy) => {
    expect(decideSlots([], { ...late, policy })).toEqual({
      run: null,
      covered: [],
      skipped: [],
      waiting: [],
      missed: [],
    });
  });
});
