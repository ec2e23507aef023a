import { describe, expect, test } from 'vitest';
import { type ComparedModel, planComparison } from '../../../src/domain/evaluation/comparisonPlan.ts';
import { comparisonVerdict } from '../../../src/domain/evaluation/comparisonVerdict.ts';

const DATA = { firstDate: '2023-07-01', dataEnd: '2026-01-01' };
const model = (cutoff: string, change: Partial<ComparedModel> = {}): ComparedModel => ({
  modelId: `model of ${cutoff}`,
  cutoff,
  historyMonths: 12,
  predMonths: 6,
  ...change,
});

describe('the plan of a comparison', () => {
  test('takes the newest complete months, and a refit for a model that was trained on them', () => {
    const { window, standIns } = planComparison([model('2025-07-01'), model('2025-01-01')], DATA);
    expect(window).toEqual({ start: '2025-07-01', end: '2026-01-01' });
    expect(standIns).toEqual([
      { by: 'refit', fitCutoff: '2025-01-01', labelsEnd: '2025-07-01', hasFullHistory: true },
      { by: 'binary', fitCutoff: '2025-01-01', labelsEnd: '2025-07-01', hasFullHistory: true },
    ]);
  });

  test.each(['2025-01-02', '2025-04-01', '2025-07-01'])(
    'never judges a model of %s on labels that it was trained on',
    (cutoff) => {
      const { window, standIns } = planComparison([model(cutoff), model('2024-06-15')], DATA);
      expect(standIns.map((it) => it.by)).toEqual(['refit', 'binary']);
      for (const { labelsEnd } of standIns) expect(labelsEnd <= window.start).toBe(true);
    },
  );

  test('says where a refit has less history than the model', () => {
    const models = [model('2025-07-01', { historyMonths: 24 }), model('2025-07-01')] as const;
    expect(planComparison(models, DATA).standIns.map((it) => it.hasFullHistory)).toEqual([false, true]);
  });

  test('is refused where the orders begin after the refit', () => {
    const data = { ...DATA, firstDate: '2025-02-01' };
    expect(() => planComparison([model('2025-07-01'), model('2025-07-01')], data)).toThrow(
      /takes a fit at 2025-01-01, and the orders begin at 2025-02-01/,
    );
  });

  test('takes a refit from the second day of the orders on, and a full history from their first day on', () => {
    const plan = (firstDate: string, historyMonths = 12) =>
      planComparison([model('2025-07-01', { historyMonths }), model('2025-07-01')], { ...DATA, firstDate });
    expect(() => plan('2025-01-01')).toThrow(/takes a fit at 2025-01-01/);
    expect(plan('2024-12-31').standIns[0].fitCutoff).toBe('2025-01-01');
    expect(plan('2024-01-01').standIns[0].hasFullHistory).toBe(true);
    expect(plan('2024-01-02').standIns[0].hasFullHistory).toBe(false);
  });

  test('is not made for models of different horizons', () => {
    expect(() => planComparison([model('2025-07-01'), model('2025-07-01', { predMonths: 3 })], DATA)).toThrow(
      RangeError,
    );
  });
});

describe('the verdict', () => {
  const verdict = (rmseDifference: number, interval: [number, number]) =>
    comparisonVerdict(['A', 'B'], { rmseDifference, interval });

  test.each([
    [
      -3.1,
      [-5.9, -0.4],
      'first',
      'A is better than B by 3.1 (95 % between 0.4 and 5.9) on RMSE; this is beyond chance.',
    ],
    [
      3.1,
      [0.4, 5.9],
      'second',
      'B is better than A by 3.1 (95 % between 0.4 and 5.9) on RMSE; this is beyond chance.',
    ],
    [
      -1.2,
      [-3, 0.8],
      'chance',
      'A is ahead of B by 1.2 (95 % between −0.8 and 3) on RMSE; this may be chance.',
    ],
    [1.2, [0, 3], 'chance', 'B is ahead of A by 1.2 (95 % between 0 and 3) on RMSE; this may be chance.'],
    [-1.2, [-3, 0], 'chance', 'A is ahead of B by 1.2 (95 % between 0 and 3) on RMSE; this may be chance.'],
    [0, [0, 0], 'same', 'A and B make the same forecasts.'],
  ] as const)('of a difference of %d within %j is %s', (difference, interval, winner, says) => {
    expect(verdict(difference, [...interval])).toEqual({ winner, says });
  });
});
