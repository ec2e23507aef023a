import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareWithBaseline } from '../../../src/domain/drift/compareWithBaseline.ts';
import { evaluateForecast } from '../../../src/domain/evaluation/metrics.ts';

const LIMITS = { rmse: 0.2, r2: 0.15 };
const reasons = (
  measured: { rmse: number; r2: number | null },
  baseline: { rmse: number; r2: number | null },
) => compareWithBaseline(measured, baseline, LIMITS).reasons;

describe('RMSE', () => {
  test.each([
    [60, []],
    [60.001, ['rmse']],
    [49, []],
    [0, []],
  ])('of %d against 50 gives %j: only more than 20 %% above the baseline alerts', (rmse, expected) => {
    expect(reasons({ rmse, r2: 0.4 }, { rmse: 50, r2: 0.4 })).toEqual(expected);
  });

  test('any error leaves a baseline without error, and none does not', () => {
    expect(reasons({ rmse: 0.01, r2: 1 }, { rmse: 0, r2: 1 })).toEqual(['rmse']);
    expect(reasons({ rmse: 0, r2: 1 }, { rmse: 0, r2: 1 })).toEqual([]);
  });
});

describe('R²', () => {
  test.each([
    [0.34, []],
    [0.3399, ['r2']],
    [0.9, []],
    [-0.2, ['r2']],
  ])('of %d against 0.4 gives %j: a share of a positive baseline', (r2, expected) => {
    const comparison = compareWithBaseline({ rmse: 50, r2 }, { rmse: 50, r2: 0.4 }, LIMITS);
    expect(comparison.r2Basis).toBe('relative');
    expect(comparison.reasons).toEqual(expected);
  });

  test.each([
    [-0.05, 0.1, []],
    [-0.05, -0.2, []],
    [-0.05, -0.201, ['r2']],
    [0, -0.15, []],
    [0, -0.16, ['r2']],
  ])('baseline %d, measured %d gives %j: points where the baseline is not positive', (base, r2, expected) => {
    const comparison = compareWithBaseline({ rmse: 50, r2 }, { rmse: 50, r2: base }, LIMITS);
    expect(comparison.r2Basis).toBe('absolute');
    expect(comparison.reasons).toEqual(expected);
  });

  test('that is undefined on either side is no drift, and not 0', () => {
    const { r2 } = evaluateForecast(Float64Array.of(1, 2, 3), Float64Array.of(0, 0, 0));
    expect(r2).toBeNull();
    for (const [measured, base] of [
      [r2, 0.4],
      [0.4, null],
    ])
      expect(compareWithBaseline({ rmse: 50, r2: measured }, { rmse: 50, r2: base }, LIMITS)).toMatchObject({
        r2Drop: null,
        r2Basis: null,
        reasons: [],
      });
  });
});

test('both can drift at once', () => {
  expect(reasons({ rmse: 100, r2: 0 }, { rmse: 50, r2: 0.4 })).toEqual(['rmse', 'r2']);
});

test('an improvement never alerts, whatever the baseline and the thresholds', () => {
  const metric = fc.record({
    rmse: fc.double({ min: 0, max: 1e6, noNaN: true }),
    r2: fc.double({ min: -10, max: 1, noNaN: true }),
  });
  const threshold = fc.double({ min: 0, max: 1, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(metric, share, share, threshold, threshold, (base, a, b, rmse, r2) => {
      const better = { rmse: base.rmse * a, r2: base.r2 + (1 - base.r2) * b };
      expect(compareWithBaseline(better, base, { rmse, r2 }).reasons).toEqual([]);
    }),
  );
});
