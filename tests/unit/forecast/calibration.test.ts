import { describe, expect, test } from 'vitest';
import { learnCalibration } from '../../../src/domain/forecast/combination/learnCalibration.ts';
import {
  factorOfTotals,
  type UnseenForecast,
} from '../../../src/domain/forecast/combination/unseenForecast.ts';
import type { Season } from '../../../src/domain/forecast/season/season.ts';

/** Forecasts of 100 each, of which `ratio` came. */
const origin = (ratio: number) => ({
  predicted: new Float64Array(50).fill(100),
  actual: new Float64Array(50).fill(100 * ratio),
});

/** Learned of origins that hold `months` together, one after the other. */
const over = (months: number, origins: readonly UnseenForecast[], season: Season | null = null): number =>
  learnCalibration(origins, { months, predMonths: months / Math.max(1, origins.length), season });
const ofYear = (origins: readonly UnseenForecast[]): number => over(12, origins);

describe('calibration', () => {
  test('leaves forecasts alone whose totals were right, or of which nothing is known', () => {
    expect(ofYear([origin(1), origin(1)])).toBe(1);
    expect(ofYear([])).toBe(1);
    expect(ofYear([{ predicted: new Float64Array(3), actual: Float64Array.of(1, 2, 3) }])).toBe(1);
  });

  test('corrects a bias that comes back nearly whole', () => {
    const factor = ofYear([origin(0.5), origin(0.5), origin(0.5)]);
    expect(factor).toBeGreaterThan(0.5);
    expect(factor).toBeLessThan(0.54);
  });

  test('corrects a tenth that comes back at every origin for the most part, and one that came once hardly', () => {
    const often = ofYear([origin(0.88), origin(0.9), origin(0.91)]);
    expect(often).toBeLessThan(0.94);
    expect(often).toBeGreaterThan(0.9);
    expect(Math.abs(ofYear([origin(0.9), origin(1), origin(1.01)]) - 1)).toBeLessThan(0.015);
  });

  test('takes a season that goes up and down for none', () => {
    expect(Math.abs(ofYear([origin(1.2), origin(1 / 1.2), origin(1.2), origin(1 / 1.2)]) - 1)).toBeLessThan(
      1e-9,
    );
    expect(Math.abs(ofYear([origin(1.05), origin(0.97)]) - 1)).toBeLessThan(0.005);
  });

  test('takes what one customer made of the total for luck, and the same from everybody for a bias', () => {
    const spendOf = (giant: number, others: number) => new Float64Array(101).fill(others).with(0, giant);
    const giant = ofYear([{ predicted: spendOf(8000, 20), actual: spendOf(24_000, 20) }]);
    const everybody = ofYear([{ predicted: spendOf(100, 99), actual: spendOf(260, 257.4) }]);
    expect(giant).toBeGreaterThan(1.2);
    expect(giant).toBeLessThan(1.6);
    expect(everybody).toBeGreaterThan(2.4);
    expect(everybody).toBeLessThan(2.6);
  });

  test('of less than a year, without a season that is known, takes little for a bias', () => {
    const origins = [origin(1.5), origin(1.5)];
    const season = { anchor: '2026-01-01', index: new Array<number>(12).fill(1), shift: null };
    const half = over(6, origins);
    expect(over(6, origins, season)).toBe(ofYear(origins));
    expect(over(24, origins)).toBe(ofYear(origins));
    expect(ofYear(origins)).toBeGreaterThan(1.35);
    expect(half).toBeLessThan(1.27);
    expect(half).toBeGreaterThan(1.1);
  });

  test('takes windows that overlap for as many as the months that they hold together', () => {
    const origins = [origin(0.8), origin(0.8), origin(0.8), origin(0.8)];
    const learned = (months: number) => learnCalibration(origins, { months, predMonths: 6, season: null });
    expect(learned(12)).toBeCloseTo(ofYear([origin(0.8), origin(0.8)]), 12);
    expect(learned(24)).toBe(ofYear(origins));
    // More months than windows: there are gaps between them.
    expect(learned(60)).toBe(learned(24));
  });

  test('tells the factor of one origin as it is', () => {
    expect(factorOfTotals(origin(0.8))).toBeCloseTo(0.8, 12);
  });

  test('is 1 for an origin at which nothing was forecast, or nothing came', () => {
    const [none, some] = [new Float64Array(2), Float64Array.of(1, 2)];
    expect(factorOfTotals({ predicted: none, actual: some })).toBe(1);
    expect(factorOfTotals({ predicted: some, actual: none })).toBe(1);
    expect(factorOfTotals({ predicted: some, actual: Float64Array.of(1, -1) })).toBe(1);
  });

  test('is the same in whatever unit amounts are', () => {
    const origins = [origin(0.9), origin(0.8)];
    const tiny = origins.map(({ predicted, actual }) => ({
      predicted: predicted.map((value) => value / 1e6),
      actual: actual.map((value) => value / 1e6),
    }));
    expect(ofYear(tiny)).toBeCloseTo(ofYear(origins), 12);
  });
});
