import { describe, expect, test } from 'vitest';
import { factorOfTotals, learnCalibration } from '../../../src/domain/forecast/learnCalibration.ts';

/** Forecasts of 100 each, of which `ratio` came. */
const origin = (ratio: number) => ({
  predicted: new Float64Array(50).fill(100),
  actual: new Float64Array(50).fill(100 * ratio),
});

describe('calibration', () => {
  test('leaves forecasts alone whose totals were right, or of which nothing is known', () => {
    expect(learnCalibration([origin(1), origin(1)])).toBe(1);
    expect(learnCalibration([])).toBe(1);
    expect(learnCalibration([{ predicted: new Float64Array(3), actual: Float64Array.of(1, 2, 3) }])).toBe(1);
  });

  test('corrects a bias that comes back nearly whole', () => {
    const factor = learnCalibration([origin(0.5), origin(0.5), origin(0.5)]);
    expect(factor).toBeGreaterThan(0.5);
    expect(factor).toBeLessThan(0.54);
  });

  test('takes a season that goes up and down for none', () => {
    expect(
      Math.abs(learnCalibration([origin(1.2), origin(1 / 1.2), origin(1.2), origin(1 / 1.2)]) - 1),
    ).toBeLessThan(1e-9);
    expect(Math.abs(learnCalibration([origin(1.05), origin(0.97)]) - 1)).toBeLessThan(0.005);
  });

  test('of less than a year, without a season that is known, takes little for a bias', () => {
    const origins = [origin(1.5), origin(1.5)];
    const [half, year] = [learnCalibration(origins, 6), learnCalibration(origins, 12)];
    expect(learnCalibration(origins)).toBe(year);
    expect(learnCalibration(origins, 24)).toBe(year);
    expect(year).toBeGreaterThan(1.35);
    expect(half).toBeLessThan(1.25);
    expect(half).toBeGreaterThan(1.1);
  });

  test('tells the factor of one origin as it is', () => {
    expect(factorOfTotals(origin(0.8))).toBeCloseTo(0.8, 12);
  });
});
