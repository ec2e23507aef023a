import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMonths } from '../../../src/domain/calendar/dates.ts';
import { predictionWindow } from '../../../src/domain/calendar/windows.ts';
import { earlierOrigins, monthsOfLabels, trainingCutoffs } from '../../../src/domain/forecast/origins.ts';

describe('origins before a cutoff', () => {
  test('lie one whole window apart, latest first, where the orders reach back far enough', () => {
    expect(earlierOrigins('2025-07-01', 6, '2022-01-01')).toEqual([
      { cutoff: '2025-01-01', predMonths: 6 },
      { cutoff: '2024-07-01', predMonths: 6 },
      { cutoff: '2024-01-01', predMonths: 6 },
    ]);
  });

  test('have a shorter window where a year of orders is all there is', () => {
    expect(earlierOrigins('1998-01-01', 6, '1997-01-01')).toEqual([
      { cutoff: '1997-10-01', predMonths: 3 },
      { cutoff: '1997-07-01', predMonths: 3 },
    ]);
  });

  test('are none where there are hardly any orders', () => {
    expect(earlierOrigins('2025-05-01', 6, '2025-01-01')).toEqual([]);
  });

  test('never learn from labels that a later origin is measured on, nor from before the orders', () => {
    const months = { min: 0, max: 60 };
    fc.assert(
      fc.property(fc.integer(months), fc.integer({ min: 1, max: 12 }), (before, predMonths) => {
        const firstDate = '2020-01-31';
        const end = addMonths(firstDate, before);
        const origins = earlierOrigins(end, predMonths, firstDate);
        origins.forEach(({ cutoff, predMonths: window }, k) => {
          const later = k === 0 ? end : origins[k - 1].cutoff;
          expect(predictionWindow(cutoff, window).end <= later).toBe(true);
          const fits = trainingCutoffs(cutoff, window, firstDate);
          expect(fits.length).toBeGreaterThan(0);
          const labels = monthsOfLabels(cutoff, window, firstDate);
          for (const fit of fits) {
            expect(predictionWindow(fit, labels).end <= cutoff).toBe(true);
            expect(fit > firstDate).toBe(true);
          }
        });
      }),
    );
  });
});

describe('training cutoffs', () => {
  test('are twelve, a third of a window apart, and none with less than three months of orders before it', () => {
    const all = trainingCutoffs('2025-07-01', 6, '2020-01-01');
    expect(all).toHaveLength(12);
    expect(all.slice(0, 3)).toEqual(['2025-01-01', '2024-11-01', '2024-09-01']);
    expect(all.at(-1)).toBe('2023-03-01');
    expect(trainingCutoffs('2025-07-01', 3, '2020-01-01').slice(0, 2)).toEqual(['2025-04-01', '2025-03-01']);
    expect(trainingCutoffs('2025-07-01', 6, '2024-07-15')).toEqual(['2025-01-01', '2024-11-01']);
    // Three months to the day are enough.
    expect(trainingCutoffs('2025-07-01', 6, '2024-08-01')).toEqual(['2025-01-01', '2024-11-01']);
    expect(trainingCutoffs('2025-07-01', 6, '2024-08-02')).toEqual(['2025-01-01']);
  });

  test('of a large shop are fewer, spread over the same time', () => {
    expect(trainingCutoffs('2025-07-01', 6, '2020-01-01', 2)).toEqual(['2025-01-01', '2024-01-01']);
    expect(trainingCutoffs('2025-07-01', 6, '2024-05-01', 2)).toEqual(['2025-01-01', '2024-11-01']);
  });

  test('come later, with labels of fewer months, in a shop that has just opened', () => {
    expect(trainingCutoffs('2025-07-01', 6, '2024-10-01')).toEqual(['2025-01-01']);
    expect(monthsOfLabels('2025-07-01', 6, '2024-10-01')).toBe(6);
    expect(trainingCutoffs('2025-07-01', 6, '2024-12-01')).toEqual(['2025-03-01']);
    expect(monthsOfLabels('2025-07-01', 6, '2024-12-01')).toBe(4);
    expect(trainingCutoffs('2025-07-01', 6, '2025-06-15')).toEqual(['2025-06-01']);
    expect(monthsOfLabels('2025-07-01', 6, '2025-06-15')).toBe(1);
  });

  test('are one at least', () => {
    expect(trainingCutoffs('2025-07-01', 6, '2020-01-01', 0)).toEqual(['2025-01-01']);
  });
});
