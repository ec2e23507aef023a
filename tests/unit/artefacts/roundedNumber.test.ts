import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moneyTotal, rounded, roundedParts } from '../../../src/artefacts/files/roundedNumber.ts';

const DIGITS = 6;

/** A number as it is printed, in whole millionths. */
function millionths(value: number): bigint {
  const [, sign, whole, fraction] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(value.toFixed(DIGITS)) ?? [];
  return BigInt(`${sign}${whole}${fraction}`);
}
/** The same of what `String` prints, which is what a file gets. */
function printed(value: number): bigint {
  const text = String(value);
  if (text.includes('e')) return millionths(value);
  const [whole, fraction = ''] = text.split('.');
  expect(fraction.length).toBeLessThanOrEqual(DIGITS);
  return BigInt(`${whole}${fraction.padEnd(DIGITS, '0')}`);
}

describe('the rounded parts of a total', () => {
  test('are none of them below 0 where each is just over half a unit', () => {
    // Each of the first two would be rounded up, and leave less than nothing for the third.
    const parts = [6e-7, 6e-7, 1e-7];
    expect(roundedParts(parts, 1.3e-6, DIGITS)).toEqual([1e-6, 0, 0]);
  });

  test('are none of them of the other sign where the noise of binary fractions makes them pass the total', () => {
    const below = 0.5 - Number.EPSILON / 4;
    const above = 0.5 + Number.EPSILON / 2;
    // A half is rounded up: to 1 above 0, and to 0 below it.
    expect(roundedParts([0.5, 0], below, 0).map(Math.abs)).toEqual([0, 0]);
    expect(roundedParts([-above, 0], -0.5, 0).map(Math.abs)).toEqual([0, 0]);
  });

  test('add up to the total as it is printed, to its last digit, for totals of any size', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const total = fc.oneof(
      fc.double({ min: 0, max: 1e-4, noNaN: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      fc.double({ min: 0, max: 3e12, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 24 }), total, (shares, clv) => {
        const whole = shares.reduce((sum, it) => sum + it, 0);
        fc.pre(whole > 0);
        const parts = roundedParts(
          shares.map((it) => (clv * it) / whole),
          clv,
          DIGITS,
        );
        expect(parts.every((part) => part >= 0)).toBe(true);
        const sum = parts.map(printed).reduce((a, b) => a + b, 0n);
        expect(sum).toBe(printed(rounded(clv, DIGITS)));
      }),
      { numRuns: 2000 },
    );
  });
});

test('a number so large that a double has no millionths is rounded to the digits that it has', () => {
  expect(String(rounded(123_456_789_012.345_67, DIGITS))).toBe('123456789012.346');
});

describe('a total of amounts', () => {
  test('is what they add up to as they are written, not as they were before', () => {
    expect(moneyTotal(Float64Array.of(0.000_001_4, 0.000_001_4, 0.000_001_4))).toBe(0.000_003);
  });

  test('does not lose what is a fortune in some currencies', () => {
    expect(moneyTotal(Float64Array.of(0.001_2, 0.000_25, -0.000_05))).toBe(0.0014);
  });

  test('of nothing is 0', () => {
    expect(moneyTotal(new Float64Array(0))).toBe(0);
  });
});
