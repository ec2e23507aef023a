import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DayCurve } from '../../../src/domain/sample/dayCurve.ts';

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 50, noNaN: true })), {
    minLength: 1,
    maxLength: 60,
  })
  .filter((values) => values.some((value) => value > 0));

describe('a day curve', () => {
  test('finds the day that contains a moment', () => {
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (values, share) => {
        const curve = new DayCurve(Float64Array.from(values));
        const moment = share * curve.total;
        const day = curve.dayOf(moment);
        expect(curve.cumulative[day]!).toBeLessThanOrEqual(moment);
        expect(curve.cumulative[day + 1]!).toBeGreaterThan(moment);
      }),
    );
  });

  test('never gives a day of weight zero', () => {
    const curve = new DayCurve(Float64Array.of(0, 2, 0, 0, 1, 0));
    expect([0, 1, 1.999, 2, 2.5, 2.999].map((moment) => curve.dayOf(moment))).toEqual([1, 1, 1, 4, 4, 4]);
  });

  test('keeps the weights it was given', () => {
    const curve = new DayCurve(Float64Array.of(0.5, 2, 0));
    expect([0, 1, 2].map((day) => curve.weightOf(day))).toEqual([0.5, 2, 0]);
    expect(curve.total).toBe(2.5);
  });
});
