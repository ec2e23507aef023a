import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateForecast } from '../../../src/domain/evaluation/metrics.ts';
import { type ForecastReport, trainingReport } from '../../../src/domain/evaluation/trainingReport.ts';

const customers = (values: readonly number[]) => ({
  actual: Float64Array.from(values),
  tenureDays: Float64Array.from(values, (_, i) => i * 40),
  orders: Float64Array.from(values, (_, i) => 1 + (i % 11)),
});

/** The report of one forecast of these customers. */
function reportOn(predicted: readonly number[], actual: readonly number[]): ForecastReport {
  const forecasts = [{ name: 'it', predicted: Float64Array.from(predicted), isChosen: true }];
  return trainingReport({ ...customers(actual), forecasts }).forecasts[0];
}

describe('the report of a forecast', () => {
  const actual = [0, 10, 0, 30, 0, 0, 40, 0, 20, 0];

  test('of ten customers is what a person works out', () => {
    const it = reportOn([1, 2, 3, 100, 5, 6, 50, 8, 9, 4], actual);
    // By forecast: 30, 40, 20, 0, 0, 0, 0, 0, 10, 0.
    expect(it.deciles.map((row) => row.meanActual)).toEqual([30, 40, 20, 0, 0, 0, 0, 0, 10, 0]);
    expect(it.deciles.map((row) => row.meanPredicted)).toEqual([100, 50, 9, 8, 6, 5, 4, 3, 2, 1]);
    expect(it.deciles.map((row) => row.lift)).toEqual([3, 4, 2, 0, 0, 0, 0, 0, 1, 0]);
    expect(it.topDecileCapture).toBe(0.3);
    expect(it.gain).toHaveLength(101);
    expect([0, 5, 10, 20, 30, 80, 90, 100].map((percent) => it.gain?.[percent])).toEqual([
      0, 0.15, 0.3, 0.7, 0.9, 0.9, 1, 1,
    ]);
    // Two cents in all are revenue too.
    const inCents = reportOn([1, 2, 3], [0, 0.005, 0.015]);
    expect([inCents.gain?.[100], inCents.topDecileCapture !== null]).toEqual([1, true]);
    expect(it.metrics).toEqual(
      evaluateForecast(Float64Array.of(1, 2, 3, 100, 5, 6, 50, 8, 9, 4), Float64Array.from(actual)),
    );
  });

  test('that is the same for everybody has the diagonal as its gain, a lift of 1 and a Gini of 0', () => {
    const it = reportOn(Array(10).fill(7), actual);
    it.gain?.forEach((share, percent) => {
      expect(share).toBeCloseTo(percent / 100, 12);
    });
    expect(it.deciles.map((row) => row.lift)).toEqual(Array(10).fill(1));
    expect(it.topDecileCapture).toBeCloseTo(0.1, 12);
    expect(it.metrics.normalizedGini).toBeCloseTo(0, 12);
  });

  test('shares what tied customers spent among the deciles that they fall into', () => {
    const it = reportOn([9, 5, 5, 5, 5, 1, 1, 1, 1, 1], [50, 8, 0, 0, 4, 0, 0, 0, 0, 0]);
    expect(it.deciles.slice(0, 6).map((row) => row.meanActual)).toEqual([50, 3, 3, 3, 3, 0]);
  });

  test('has no gain, lift or capture where nobody spent anything', () => {
    const it = reportOn([1, 2, 3], [0, 0, 0]);
    expect([it.gain, it.topDecileCapture, it.deciles[9].lift]).toEqual([null, null, null]);
  });

  test('has no gain, lift, bias or Gini where purchases and returns cancel out', () => {
    // Their sum is not 0 in floating point: 0.1 + 0.2 - 0.3 is 5.6e-17, and the mean of tied customers has its own rounding.
    const returned = [0.1, 0.2, -0.3, 1, -1, 0.3, -0.1, -0.2, 1, -1, 0.1, 0.2, -0.3];
    const forecasts = [returned.map((_, i) => i % 3), returned.map(() => 7), returned.map((_, i) => i)];
    for (const forecast of forecasts) {
      const it = reportOn(forecast, returned);
      expect([it.gain, it.topDecileCapture, it.deciles[4].lift]).toEqual([null, null, null]);
      expect([it.metrics.bias, it.metrics.normalizedGini]).toEqual([null, null]);
    }
  });

  test('has empty deciles with fewer than ten customers', () => {
    const it = reportOn([1, 2, 3], [1, 2, 3]);
    expect(it.deciles.map((row) => row.customers).reduce((sum, n) => sum + n)).toBe(3);
    expect(it.deciles[0]).toMatchObject({ customers: 0, meanPredicted: null, meanActual: null, lift: null });
  });

  test('tells the error of each group of customers, and leaves out groups without any', () => {
    const report = trainingReport({
      actual: Float64Array.of(10, 20, 0, 40, 0),
      tenureDays: Float64Array.of(30, 31, 90, 365, 366),
      orders: Float64Array.of(1, 1, 2, 9, 10),
      forecasts: [{ name: 'it', predicted: Float64Array.of(13, 16, 8, 40, 6), isChosen: true }],
    });
    const [{ byTenure, byOrders }] = report.forecasts;
    expect(byTenure.map((it) => [it.group, it.customers, it.meanPredicted, it.meanActual, it.bias])).toEqual([
      ['up to 30 days', 1, 13, 10, 0.3],
      ['31 to 90 days', 2, 12, 10, 0.2],
      ['181 to 365 days', 1, 40, 40, 0],
      ['366 to 730 days', 1, 6, 0, null],
    ]);
    expect(byTenure[1]).toMatchObject({ mae: 6, rmse: Math.sqrt((16 + 64) / 2) });
    expect(byOrders.map((it) => [it.group, it.customers])).toEqual([
      ['1 order', 2],
      ['2 orders', 1],
      ['5 to 9 orders', 1],
      ['10 orders or more', 1],
    ]);
  });
});

describe('for any customers and forecast', () => {
  const shop = fc.array(
    fc.record({
      predicted: fc.integer({ min: 0, max: 12 }),
      actual: fc.integer({ min: 0, max: 1000 }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const of = (rows: readonly { predicted: number; actual: number }[]) =>
    reportOn(
      rows.map((row) => row.predicted),
      rows.map((row) => row.actual),
    );

  test('the gain never falls, begins at 0 and ends at 1', () => {
    fc.assert(
      fc.property(shop, (rows) => {
        const { gain } = of(rows);
        expect(gain === null).toBe(rows.every((row) => row.actual === 0));
        if (gain === null) return;
        expect([gain[0], gain[100]]).toEqual([0, 1]);
        for (let i = 1; i < gain.length; i++) expect(gain[i]).toBeGreaterThanOrEqual(gain[i - 1] - 1e-12);
      }),
    );
  });

  test('no gain is above that of the perfect order', () => {
    fc.assert(
      fc.property(shop, (rows) => {
        const predicted = Float64Array.from(rows, (row) => row.predicted);
        const { perfectGain, forecasts } = trainingReport({
          ...customers(rows.map((row) => row.actual)),
          forecasts: [{ name: 'it', predicted, isChosen: true }],
        });
        forecasts[0].gain?.forEach((share, i) => {
          expect(share).toBeLessThanOrEqual((perfectGain?.[i] as number) + 1e-12);
        });
      }),
    );
  });

  test('deciles and groups add up to the totals', () => {
    fc.assert(
      fc.property(shop, (rows) => {
        const { deciles, byTenure, byOrders } = of(rows);
        for (const parts of [deciles, byTenure, byOrders]) {
          const total = (of: 'meanPredicted' | 'meanActual') =>
            parts.reduce((sum, part) => sum + part.customers * (part[of] ?? 0), 0);
          expect(parts.reduce((sum, part) => sum + part.customers, 0)).toBe(rows.length);
          expect(total('meanActual')).toBeCloseTo(
            rows.reduce((sum, row) => sum + row.actual, 0),
            6,
          );
          expect(total('meanPredicted')).toBeCloseTo(
            rows.reduce((sum, row) => sum + row.predicted, 0),
            6,
          );
        }
      }),
    );
  });

  test('the order of the rows changes no figure', () => {
    const shuffled = shop.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, others]) => {
        const [one, other] = [of(rows), of(others)];
        // All values are whole numbers, so that sums do not depend on their order.
        expect(other.deciles).toEqual(one.deciles);
        expect(other.gain).toEqual(one.gain);
        expect(other.topDecileCapture).toBe(one.topDecileCapture);
      }),
    );
  });
});

describe('the forecasts of a report', () => {
  const actual = [0, 5, 10];
  const forecast = (name: string, predicted: readonly number[], isChosen = false) => ({
    name,
    predicted: Float64Array.from(predicted),
    isChosen,
  });
  const ofForecasts = (...forecasts: ReturnType<typeof forecast>[]) =>
    trainingReport({ ...customers(actual), forecasts });

  test('begin with the chosen one, the others follow by RMSE', () => {
    const report = ofForecasts(
      forecast('bad', [9, 9, 0]),
      forecast('good', [0, 5, 10]),
      forecast('chosen', [3, 3, 3], true),
    );
    expect(report.forecasts.map(({ name }) => name)).toEqual(['chosen', 'good', 'bad']);
    expect(report).toMatchObject({ customers: 3, revenue: 15 });
  });

  test.each([
    ['none is chosen', [forecast('a', [1, 2, 3])], /0 forecasts are chosen/],
    ['two have one name', [forecast('a', [1, 2, 3], true), forecast('a', [1, 2, 3])], /one name/],
    ['one is too short', [forecast('a', [1, 2], true)], /2 values of a for 3 customers/],
  ])('are refused where %s', (_, forecasts, says) => {
    expect(() => ofForecasts(...forecasts)).toThrow(says);
  });

  test('are refused where one is no number, and the error says whose', () => {
    expect(() => ofForecasts(forecast('stack', [1, Number.NaN, 3], true))).toThrow(
      expect.objectContaining({
        code: 'FORECAST_NOT_FINITE',
        message: 'stack is NaN for customer number 2.',
      }),
    );
  });
});
