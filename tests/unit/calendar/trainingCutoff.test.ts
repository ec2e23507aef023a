import { expect, test } from 'vitest';
import { planTraining } from '../../../src/domain/evaluation/trainingCutoff.ts';

const data = { firstDate: '1997-01-01', dataEnd: '1998-07-01' };

test('the latest cutoff is the one whose labels end where the data ends', () => {
  const plan = planTraining(null, { historyMonths: 6, predMonths: 6 }, data);
  expect(plan).toEqual({ cutoff: '1998-01-01', baselineCutoff: '1997-07-01', hasFullBaselineHistory: true });
});

test('a baseline on a shorter history than the model is marked', () => {
  expect(planTraining('1998-01-01', { historyMonths: 9, predMonths: 6 }, data).hasFullBaselineHistory).toBe(
    false,
  );
});

test('labels that reach beyond the data are refused with the latest cutoff that works', () => {
  expect(() => planTraining('1998-01-02', { historyMonths: 6, predMonths: 6 }, data)).toThrow(
    expect.objectContaining({ code: 'CUTOFF_NOT_MATURED', remedy: expect.stringContaining('1998-01-01') }),
  );
});

test('labels that end in a year of five digits are refused as well', () => {
  expect(() => planTraining('9999-12-31', { historyMonths: 6, predMonths: 6 }, data)).toThrow(
    expect.objectContaining({ code: 'CUTOFF_NOT_MATURED' }),
  );
});

test('without months to measure on there is no model', () => {
  expect(() => planTraining('1997-06-01', { historyMonths: 3, predMonths: 6 }, data)).toThrow(
    expect.objectContaining({ code: 'BASELINE_IMPOSSIBLE' }),
  );
});

test('a baseline takes orders from before its cutoff, be it those of one day', () => {
  const windows = { historyMonths: 3, predMonths: 6 };
  expect(() => planTraining('1997-07-01', windows, data)).toThrow(
    expect.objectContaining({ code: 'BASELINE_IMPOSSIBLE' }),
  );
  expect(planTraining('1997-07-02', windows, data).baselineCutoff).toBe('1997-01-02');
});
