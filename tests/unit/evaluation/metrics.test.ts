import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluateForecast } from '../../../src/domain/evaluation/metrics.ts';
import { hasGolden, readTable, sharedFile } from '../../golden.ts';

/** The independent values are given to one millionth. */
function expectClose(value: number | null, wanted: number): void {
  expect(Math.abs((value as number) / wanted - 1)).toBeLessThan(1e-6);
}

describe('metrics', () => {
  test.skipIf(!hasGolden)('of many tied predictions are those computed independently', () => {
    const wanted = JSON.parse(readFileSync(sharedFile('golden/metrics_of_tiers_with_ties.json'), 'utf8'));
    const actual = new Map(
      readTable('golden/features_cdnow_19980101_hist9m_pred6m.csv.gz').map((row) => [
        row.customer_id,
        Number(row.actual_clv),
      ]),
    );
    const rows = readTable('golden/tiers_with_ties.csv.gz');
    const metrics = evaluateForecast(
      Float64Array.from(rows, (row) => Number(row.predicted_clv)),
      Float64Array.from(rows, (row) => actual.get(row.customer_id) as number),
    );
    expect(metrics.customers).toBe(wanted.n);
    expectClose(metrics.rmse, wanted.rmse);
    expectClose(metrics.mae, wanted.mae);
    expectClose(metrics.r2, wanted.r2);
    expectClose(metrics.spearman, wanted.spearman);
    expectClose(metrics.normalizedGini, wanted.normalized_gini);
    expectClose(metrics.meanActual, wanted.mean_actual);
    expectClose(metrics.meanPredicted, wanted.mean_predicted);
  });

  test('are undefined, not zero, where the actual values do not vary', () => {
    const metrics = evaluateForecast(Float64Array.of(1, 2, 3), Float64Array.of(0.1, 0.1, 0.1));
    expect(metrics).toMatchObject({ r2: null, spearman: null, normalizedGini: null });
    expect(evaluateForecast(Float64Array.of(1), Float64Array.of(0))).toMatchObject({
      bias: null,
      normalizedGini: null,
    });
    // Of a total that is negative, too much and too little would trade places.
    expect(evaluateForecast(Float64Array.of(20, 20), Float64Array.of(-30, -10)).bias).toBeNull();
  });

  test.each([
    [3, 33.33],
    [4, 7.77],
    [101, 19.99],
  ])('of %d customers who all spent %d have no Gini, whatever is rounded', (customers, spent) => {
    const predicted = Float64Array.from({ length: customers }, (_, i) => (7 * i) % 13);
    const actual = new Float64Array(customers).fill(spent);
    expect(evaluateForecast(predicted, actual).normalizedGini).toBeNull();
  });

  test('of the perfect forecast are perfect', () => {
    const values = Float64Array.of(3, 0, 7, 7, 1);
    expect(evaluateForecast(values, values)).toMatchObject({
      rmse: 0,
      mae: 0,
      bias: 0,
      r2: 1,
      spearman: 1,
      normalizedGini: 1,
    });
  });

  test('are refused for no customers', () => {
    expect(() => evaluateForecast(new Float64Array(0), new Float64Array(0))).toThrow(/no customer/);
  });
});
