import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digamma, lnGamma, trigamma } from '../../../src/domain/btyd/gammaFunctions.ts';
import { gaussFraction } from '../../../src/domain/btyd/gaussFraction.ts';

function hypergeometric(b: number, c: number, z: number) {
  const result = { value: 0, byB: 0, byC: 0, byZ: 0 };
  gaussFraction(b, c, z, result);
  return result;
}

const lnHypergeometric = (b: number, c: number, z: number): number => Math.log(hypergeometric(b, c, z).value);

/** The power series, term by term: right where it converges, and nothing else in common with the fraction. */
function powerSeries(b: number, c: number, z: number): number {
  let term = 1;
  let sum = 0;
  for (let n = 0; term > 1e-18 * sum; n++) {
    sum += term;
    term *= ((b + n) / (c + n)) * z;
  }
  return sum;
}

describe('the gamma function', () => {
  test('has its known values', () => {
    expect(lnGamma(1)).toBeCloseTo(0, 14);
    expect(lnGamma(2)).toBeCloseTo(0, 14);
    expect(lnGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 14);
    expect(lnGamma(171) / 706.573062245787).toBeCloseTo(1, 13);
    let factorial = 0;
    for (let n = 1; n <= 100; n++) factorial += Math.log(n);
    expect(lnGamma(101) / factorial).toBeCloseTo(1, 13);
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 14);
    expect(digamma(0.5)).toBeCloseTo(-0.5772156649015329 - 2 * Math.LN2, 14);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 13);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 13);
    expect(trigamma(1e6) * 1e6).toBeCloseTo(1 + 0.5e-6, 12);
  });

  test('goes on by its recurrence, from tiny to huge', () => {
    fc.assert(
      fc.property(fc.double({ min: -9, max: 12, noNaN: true }), (exponent) => {
        const x = Math.exp(exponent);
        const size = Math.max(1, Math.abs(lnGamma(x)));
        expect(Math.abs(lnGamma(x + 1) - lnGamma(x) - Math.log(x)) / size).toBeLessThan(1e-13);
        expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x) * Math.min(1, x)).toBeLessThan(1e-13);
        expect(Math.abs(trigamma(x) - trigamma(x + 1) - 1 / (x * x)) * Math.min(1, x * x)).toBeLessThan(
          1e-13,
        );
      }),
    );
  });
});

describe('2F1(1, b; c; z)', () => {
  test('has its closed forms', () => {
    for (const z of [1e-8, 0.1, 0.5, 0.9, 0.999, 0.999999]) {
      expect(hypergeometric(1, 2, z).value / (-Math.log1p(-z) / z)).toBeCloseTo(1, 10);
      const root = Math.sqrt(z);
      expect(hypergeometric(0.5, 1.5, z).value / (Math.atanh(root) / root)).toBeCloseTo(1, 10);
    }
    expect(hypergeometric(2, 5, 0).value).toBe(1);
  });

  test('is what its power series says', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 6.5, noNaN: true }),
        fc.double({ min: -4, max: 6, noNaN: true }),
        fc.double({ min: 0, max: 0.98, noNaN: true }),
        (lnB, lnMore, z) => {
          const b = Math.exp(lnB);
          const c = b + 1 + Math.exp(lnMore);
          expect(hypergeometric(b, c, z).value / powerSeries(b, c, z)).toBeCloseTo(1, 11);
        },
      ),
    );
  });

  test('changes with each argument as its derivatives say', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 5, noNaN: true }),
        fc.double({ min: -2, max: 4, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (lnB, lnMore, z) => {
          const b = Math.exp(lnB);
          const c = b + 1 + Math.exp(lnMore);
          const { byB, byC, byZ } = hypergeometric(b, c, z);
          const h = 1e-5;
          const close = (wanted: number, found: number): void =>
            expect(Math.abs(found - wanted)).toBeLessThan(1e-6 * Math.max(1, Math.abs(wanted)));
          close(
            byB,
            (lnHypergeometric(b * (1 + h), c, z) - lnHypergeometric(b * (1 - h), c, z)) / (2 * b * h),
          );
          close(
            byC,
            (lnHypergeometric(b, c * (1 + h), z) - lnHypergeometric(b, c * (1 - h), z)) / (2 * c * h),
          );
          const step = h * Math.min(z, 1 - z);
          close(byZ, (lnHypergeometric(b, c, z + step) - lnHypergeometric(b, c, z - step)) / (2 * step));
        },
      ),
    );
  });
});
