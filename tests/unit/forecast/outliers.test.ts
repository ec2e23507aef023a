import { describe, expect, test } from 'vitest';
import { countOutliers, rowsWithoutOutliers } from '../../../src/domain/evaluation/outliers.ts';
import { withoutOutliers } from '../../../src/domain/forecast/combine.ts';
import { CONTENDERS } from '../../../src/domain/forecast/contenders/contender.ts';

/** 500 customers of sizes 1 to 500, and these beside them, in the first rows. */
const sizesWith = (...others: readonly number[]): Float64Array =>
  Float64Array.from([...others, ...Array.from({ length: 500 }, (_, i) => i + 1)]);

describe('outliers', () => {
  test('are up to three who are more than ten times as large as every other', () => {
    expect(rowsWithoutOutliers(sizesWith(5001))).toEqual(Uint32Array.from({ length: 500 }, (_, i) => i + 1));
    expect(rowsWithoutOutliers(sizesWith(9000, 1e9, 6000))).toHaveLength(500);
    expect(rowsWithoutOutliers(sizesWith(9000, 1e9, 6000))).not.toContain(1);
  });

  test('are not the largest of many sizes, nor a group of large customers', () => {
    expect(rowsWithoutOutliers(sizesWith(5000))).toBeNull();
    expect(rowsWithoutOutliers(sizesWith(9000, 8000, 7000, 6000))).toBeNull();
    expect(rowsWithoutOutliers(Float64Array.from({ length: 500 }, (_, i) => 1 / (i + 1)))).toBeNull();
  });

  test('are none among few customers, or where all others have nothing', () => {
    expect(rowsWithoutOutliers(Float64Array.from({ length: 99 }, (_, i) => (i === 0 ? 1e6 : 1)))).toBeNull();
    expect(rowsWithoutOutliers(Float64Array.from({ length: 500 }, (_, i) => (i === 0 ? 1e6 : 0)))).toBeNull();
    expect(rowsWithoutOutliers(new Float64Array(0))).toBeNull();
    expect(countOutliers([1e6], 1)).toBe(0);
  });

  test('leave an origin with all that is known of them', () => {
    const actual = sizesWith(0, 1e6);
    const column = (): Float64Array => actual.map((_, row) => row);
    const forecasts = CONTENDERS.map(({ name }) => (name === 'rate' ? sizesWith(1e7, 0) : column()));
    const distributions = {
      pPurchase: column(),
      logMean: column(),
      logDeviation: column(),
      expected: column(),
    };
    const origin = withoutOutliers({ predMonths: 6, actual, forecasts, distributions });
    expect(origin.actual).toEqual(sizesWith());
    for (const values of [
      ...origin.forecasts.filter((_, k) => CONTENDERS[k].name !== 'rate'),
      ...Object.values(origin.distributions ?? {}),
    ])
      expect(values).toEqual(column().subarray(2));
    expect(withoutOutliers({ ...origin, distributions: null }).distributions).toBeNull();
  });
});
