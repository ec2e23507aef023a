import { describe, expect, test } from 'vitest';
import {
  addMonths,
  dateInZone,
  instantOf,
  isIsoDate,
  toEpochDay,
} from '../../../src/domain/calendar/dates.ts';
import { hasGolden, readTable } from '../../golden.ts';

describe('months', () => {
  test.skipIf(!hasGolden)('are added as the independent table says', () => {
    const rows = readTable('golden/month_arithmetic.csv');
    expect(rows.length).toBeGreaterThan(10);
    for (const { date, months, result } of rows)
      expect(addMonths(date, Number(months)), `${date} ${months}`).toBe(result);
  });

  test('clamp the day to the end of the month', () => {
    expect(addMonths('2024-08-31', 6)).toBe('2025-02-28');
    expect(addMonths('2024-03-31', -1)).toBe('2024-02-29');
  });
});

describe('dates', () => {
  test.each(['2024-02-30', '2024-13-01', '31/08/2024', '2024-8-31', '', '2023-02-29'])(
    '%j is not one',
    (text) => {
      expect(isIsoDate(text)).toBe(false);
    },
  );

  test('are those that clocks in the zone show', () => {
    const lateInLondon = Date.UTC(2024, 5, 30, 23, 30);
    expect(dateInZone(lateInLondon, 'UTC')).toBe('2024-06-30');
    expect(dateInZone(lateInLondon, 'Europe/London')).toBe('2024-07-01');
  });

  test('have their six in the morning before and after daylight saving begins', () => {
    expect(instantOf('2026-03-28', 6, 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 28, 5));
    expect(instantOf('2026-03-29', 6, 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 4));
  });

  test('count days across the years', () => {
    expect(toEpochDay('1970-01-01')).toBe(0);
    expect(toEpochDay('1969-12-31')).toBe(-1);
    expect(toEpochDay('2000-03-01') - toEpochDay('2000-02-28')).toBe(2);
  });
});
