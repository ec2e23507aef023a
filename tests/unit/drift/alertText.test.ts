import { describe, expect, test } from 'vitest';
import { alertIdOf } from '../../../src/artefacts/names.ts';
import { alertHeadline, alertText } from '../../../src/domain/drift/alertText.ts';
import type { DriftResult } from '../../../src/domain/drift/driftResult.ts';
import { BASELINE, resultOf } from './driftResults.ts';

const textOf = (result: DriftResult, inARow = [result], requestId: string | null = null) =>
  alertText({
    ...{ alertId: alertIdOf(result), result, baseline: BASELINE, inARow, requestId },
    isInSample: false,
    rmseInterval: [result.metrics.rmse - 10, result.metrics.rmse + 20],
  });

const BAD = resultOf('2025-01-01', 75, {
  metrics: {
    ...BASELINE,
    customers: 1234,
    rmse: 75,
    r2: 0.1,
    bias: 0.3,
    meanActual: 60,
    meanPredicted: 78,
    spearman: 0.49,
  },
  newCustomers: { customers: 310, revenue: 9876.5 },
});

describe('an alert', () => {
  test('says in figures what happened, what it means, and that nothing was retrained', () => {
    const text = textOf(BAD);
    expect(text).toContain(
      'The 1,234 customers who were scored spent 60.00 on average from 2025-01-01 to 2025-06-30; 78.00 had been predicted, 30 % too much.',
    );
    expect(text).toContain('| Typical error (RMSE) | 50.00 | 75.00 | +50.0 % **(alert)** | +20 % |');
    expect(text).toContain(
      '| Differences between customers explained (R²) | 0.400 | 0.100 | −75.0 % **(alert)** | −15 % |',
    );
    expect(text).toContain('**No retrain has been triggered.**');
    expect(text).toContain('310 customers bought for the first time after the scoring and spent 9,876.50');
    expect(text).toContain('Customers spent less than predicted as a whole');
    expect(text).toContain('plans that add predictions up are about 30 % too high');
    expect(text).toContain('holds as well as before');
    expect(text).toContain('file `clv_predictions_actual_20250101_pred6m.csv`');
    expect(text).toMatch(/\n1\. \*\*Marketing:.*\n2\. \*\*Data team:/);
    for (const heading of ['The figures', 'What it means', 'Next steps'])
      expect(text).toContain(`## ${heading}`);
    expect(text).not.toContain('Grid search recommended');
  });

  test('recommends a grid search, and says how to start it, once drift is sustained', () => {
    const row = [resultOf('2024-12-01', 70), BAD];
    const text = textOf(BAD, row, 'sustained-drift-clv_model_20250101_000000-20241201');
    expect(text).toContain('## Grid search recommended');
    expect(text).toContain(
      '2 alerts in consecutive windows of this model (cutoffs 2024-12-01, 2025-01-01). Neighbours among these windows share months, so the same luck can be behind them: read above what',
    );
    expect(text).toContain(
      'POST /api/requests/sustained-drift-clv_model_20250101_000000-20241201/grid-search',
    );
    expect(alertHeadline({ result: BAD, inARow: row })).toMatch(/grid search recommended$/);
  });

  test.each([
    [75, 'Chance alone hardly explains that', 'between 65.00 and 95.00'],
    [65, 'Chance may be part of that', 'between 55.00 and 85.00'],
  ])('says of an RMSE of %d, where more than 60 is an alert: %s', (rmse, says, range) => {
    const text = textOf(resultOf('2025-01-01', rmse));
    expect(text).toContain(says);
    expect(text).toContain(`${range} in 95 of 100 cases; above 60.00 it raises an alert.`);
  });

  test('says where the model had learned from months of the window', () => {
    const says = 'The model had learned from months of this window.';
    expect(textOf(BAD)).not.toContain(says);
    const facts = { alertId: alertIdOf(BAD), result: BAD, baseline: BASELINE, inARow: [BAD] };
    expect(alertText({ ...facts, requestId: null, isInSample: true, rmseInterval: [65, 95] })).toContain(
      says,
    );
  });

  test('takes windows that share no month for more than luck', () => {
    const row = [resultOf('2024-07-01', 70), BAD];
    expect(textOf(BAD, row, 'sustained-drift-x')).toContain('These windows share no month');
  });

  test('sees months that only neighbours in a row of windows share', () => {
    const row = [resultOf('2024-06-01', 70), resultOf('2024-10-01', 70), BAD];
    expect(textOf(BAD, row, 'sustained-drift-x')).toContain('Neighbours among these windows share months');
  });

  test('refers to what chance can do only where that is told', () => {
    const worse = { ...BASELINE, r2: 0.1 };
    const result = resultOf('2025-01-01', 51, { metrics: worse });
    expect(result.comparison.reasons).toEqual(['r2']);
    const text = textOf(result, [resultOf('2024-12-01', 70), result], 'sustained-drift-x');
    expect(text).toContain('the same luck can be behind them. A grid search');
    expect(text).not.toContain('read above');
  });

  test('says so where more was sent back than paid', () => {
    const text = textOf(
      resultOf('2025-01-01', 90, { metrics: { ...BASELINE, rmse: 90, bias: null, meanActual: -3.2 } }),
    );
    expect(text).toContain('Customers sent back more than they paid');
    expect(text).not.toContain('Nobody who was scored spent anything');
  });

  test('says "undefined" where a figure is', () => {
    const text = textOf(
      resultOf('2025-01-01', 90, {
        metrics: { ...BASELINE, rmse: 90, r2: null, bias: null, spearman: null, meanActual: 0 },
      }),
    );
    expect(text).toContain('| 0.400 | undefined | undefined | −15 % |');
    expect(text).toContain('Nobody who was scored spent anything');
    expect(text).not.toMatch(/NaN|null|Infinity/);
  });

  test('gives the loss of R² in points where the baseline is not positive', () => {
    const below = { ...BASELINE, r2: -0.05 };
    const result = resultOf('2025-01-01', 50, {
      baseline: { rmse: 50, r2: -0.05 },
      metrics: { ...BASELINE, r2: -0.4 },
    });
    const text = alertText({
      alertId: alertIdOf(result),
      result,
      baseline: below,
      inARow: [result],
      requestId: null,
      isInSample: false,
      rmseInterval: [45, 55],
    });
    expect(text).toContain('| −0.050 | −0.400 | −0.350 **(alert)** | −0.15 |');
  });

  test('names thresholds with all their digits', () => {
    const thresholds = { rmse: 0.125, r2: 0.155 };
    expect(textOf({ ...BAD, thresholds })).toMatch(/ \| \+12\.5 % \|\n.* \| −15\.5 % \|\n/);
    const result = resultOf('2025-01-01', 75, { baseline: { rmse: 50, r2: -0.05 } });
    expect(textOf({ ...result, thresholds })).toContain('| −0.155 |');
  });

  test.each([
    [0.6, 'holds as well as before'],
    [0.46, 'holds as well as before'],
    [0.44, 'has suffered as well'],
  ])('says of a rank correlation of %d where 0.5 was reached that the order %s', (spearman, says) => {
    expect(textOf({ ...BAD, metrics: { ...BAD.metrics, spearman } })).toContain(says);
  });

  test('says of customers who spent more than predicted that plans are too low', () => {
    const text = textOf({ ...BAD, metrics: { ...BAD.metrics, bias: -0.2 } });
    expect(text).toContain('20 % too little');
    expect(text).toContain('Customers spent more than predicted as a whole');
    expect(text).toContain('about 20 % too low');
  });

  test.each([
    [0.05, true],
    [0.049, false],
  ])('warns those who add predictions up of a bias of %d: %s', (bias, isSaid) => {
    const text = textOf({ ...BAD, metrics: { ...BAD.metrics, bias } });
    expect(text.includes('plans that add predictions up')).toBe(isSaid);
  });

  test('speaks of a single customer in the singular', () => {
    const alone = { ...BAD, metrics: { ...BAD.metrics, customers: 1 } };
    expect(textOf(alone)).toContain('The one customer who was scored spent 60.00');
  });

  test('is refused for a window that held', () => {
    expect(() => textOf(resultOf('2025-01-01', 50))).toThrow(RangeError);
  });
});
