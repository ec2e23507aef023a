import { describe, expect, test } from 'vitest';
import { alertWorths } from '../../../src/replay/alertWorth.ts';
import type { ReplayedRun } from '../../../src/replay/replayFacts.ts';
import { VirtualClock } from '../../../src/replay/virtualClock.ts';

function run(cutoff: string, modelId: string, rmse: number | null, isAlert = false): ReplayedRun {
  return {
    cutoff,
    predMonths: 3,
    modelId,
    customers: 10,
    predictedRevenue: 120,
    dueDate: '2026-01-01',
    actualRevenue: rmse === null ? null : 100,
    rmse,
    r2: null,
    baselineRmse: 10,
    baselineR2: null,
    alertReasons: isAlert ? ['rmse'] : [],
    psi: null,
  };
}

describe('what an alert was worth', () => {
  test('is the error under the old champion against the error under the next one, on one baseline', () => {
    const runs = [
      run('2025-01-01', 'old', 10),
      run('2025-02-01', 'old', 15, true),
      run('2025-03-01', 'old', 13),
      run('2025-04-01', 'new', 11),
      run('2025-05-01', 'new', null),
    ];
    const [worth] = alertWorths(runs);
    expect(worth).toMatchObject({ cutoff: '2025-02-01', misforecast: 20, successor: 'new' });
    expect(worth.rmseExcess).toBeCloseTo(0.5, 12);
    expect(worth.excessBefore).toBeCloseTo(0.4, 12);
    expect(worth.excessAfter).toBeCloseTo(0.1, 12);
  });

  test('does not hold the error of a champion against the baseline of another horizon', () => {
    const runs = [run('2025-01-01', 'old', 15, true), { ...run('2025-02-01', 'longer', 30), predMonths: 12 }];
    expect(alertWorths(runs)[0]).toMatchObject({ successor: 'longer', excessAfter: null });
  });

  test('has no other side where no later champion has a window that matured', () => {
    const [worth] = alertWorths([run('2025-02-01', 'old', 15, true), run('2025-03-01', 'new', null)]);
    expect(worth).toMatchObject({ successor: null, excessAfter: null });
  });
});

test('the clock of a replay stands still until it is moved, and never goes back', () => {
  const clock = new VirtualClock(1000);
  expect(clock.now()).toBe(1000);
  clock.moveTo(2000);
  expect(clock.now()).toBe(2000);
  expect(() => clock.moveTo(1999)).toThrow(RangeError);
});
