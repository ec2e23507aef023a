import { describe, expect, test } from 'vitest';
import { type Calendar, nextSlot, slotsBetween, slotsOf } from '../../../src/domain/calendar/cadence.ts';
import { instantOf } from '../../../src/domain/calendar/dates.ts';
import { hasGolden, readTable } from '../../golden.ts';

const BERLIN: Calendar = { launchDate: '2026-02-11', timezone: 'Europe/Berlin', hour: 6 };

describe.runIf(hasGolden)('every slot that was computed independently', () => {
  const rows = hasGolden ? readTable('golden/cadence_slots.csv') : [];
  const launches = [...new Set(rows.map((row) => `${row.launch_date} ${row.timezone}`))];

  test.each(launches)('is found from the launch %s', (launch) => {
    const [launchDate, timezone] = launch.split(' ');
    const calendar = { launchDate, timezone, hour: 6 };
    const wanted = rows.filter((row) => row.launch_date === launchDate);
    const last = Number(wanted.at(-1)?.slot_epoch_ms);
    const found = slotsBetween(calendar, 0, last);
    expect(found.map((slot) => [slot.phase, slot.date, slot.epochMs])).toEqual(
      wanted.map((row) => [row.phase, row.slot_local.slice(0, 10), Number(row.slot_epoch_ms)]),
    );
  });
});

test('a launch on a Monday has its first slot on that day', () => {
  expect(slotsOf({ ...BERLIN, launchDate: '2026-01-05' }).next().value.date).toBe('2026-01-05');
});

test('infancy has six slots, on whatever weekday the launch falls', () => {
  for (const day of [5, 6, 7, 8, 9, 10, 11]) {
    const calendar = { ...BERLIN, launchDate: `2026-01-${String(day).padStart(2, '0')}` };
    const slots = slotsBetween(calendar, 0, instantOf('2027-01-01', 0, 'UTC'));
    expect(slots.filter((slot) => slot.phase === 'infancy')).toHaveLength(6);
    expect(slots.findIndex((slot) => slot.phase === 'steady')).toBe(6);
  }
});

test('the next slot lies after the instant, also when the instant is a slot', () => {
  const slots = slotsBetween(BERLIN, 0, instantOf('2030-01-01', 0, 'UTC'));
  for (let i = 1; i < slots.length; i++) {
    expect(nextSlot(BERLIN, slots[i - 1].epochMs)).toEqual(slots[i]);
    expect(nextSlot(BERLIN, slots[i].epochMs - 1)).toEqual(slots[i]);
  }
});

test('slots of an old calendar are the same wherever one begins to look', () => {
  const end = instantOf('2030-01-01', 0, 'UTC');
  const all = slotsBetween(BERLIN, 0, end);
  for (const [i, { epochMs }] of all.entries()) {
    expect(slotsBetween(BERLIN, epochMs, end)).toEqual(all.slice(i + 1));
    expect(slotsBetween(BERLIN, epochMs - 1, end)).toEqual(all.slice(i));
  }
});

test('an hour that clocks skip is moved behind the gap, and one that comes twice is the first of the two', () => {
  expect(instantOf('2026-03-29', 2, 'Europe/Berlin')).toBe(Date.parse('2026-03-29T03:00:00+02:00'));
  expect(instantOf('2026-10-25', 2, 'Europe/Berlin')).toBe(Date.parse('2026-10-25T02:00:00+02:00'));
});

test('the day on which infancy ends is a slot where it is the first Monday of its month', () => {
  const calendar = { ...BERLIN, launchDate: '2025-04-14' };
  const slots = slotsBetween(calendar, 0, instantOf('2025-08-31', 0, 'UTC')).slice(5);
  expect(slots.map(({ phase, date }) => `${phase} ${date}`)).toEqual([
    'infancy 2025-06-23',
    'steady 2025-07-07',
    'steady 2025-08-04',
  ]);
});
