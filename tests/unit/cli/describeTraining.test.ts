import { expect, test } from 'vitest';
import type { TrainingResult } from '../../../src/cli/runTraining.ts';
import { describeTraining } from '../../../src/cli/summaries.ts';
import { shiftSays } from '../../../src/domain/forecast/season/shiftSays.ts';
import { TEST_BASELINE } from '../../testModel.ts';

const result: TrainingResult = {
  model_id: 'clv_model_20260101_120000',
  status: 'candidate',
  champion: null,
  cutoff: '2025-07-01',
  code_commit: '0123456789abcdef0123456789abcdef01234567',
  first_score_cutoff: null,
  orders: null,
  out_of_time: TEST_BASELINE,
  out_of_bag: null,
  report: null,
  loses_to: [],
};

test.each([
  ['unknown', /^Code +commit unknown: set CLV_CODE_COMMIT/m],
  [`${result.code_commit}+changes`, /^Code +0123456789ab with changes that are not committed$/m],
])('a person is told of a code commit that says %s', (code_commit, line) => {
  expect(describeTraining({ ...result, code_commit })).toMatch(line);
  expect(describeTraining(result)).not.toMatch(/^Code/m);
});

test('a person is told how to hold a candidate against the champion, once there is one', () => {
  expect(describeTraining({ ...result, champion: 'clv_model_20250101_000000' })).toMatch(
    /^Next +clv compare clv_model_20260101_120000 clv_model_20250101_000000/m,
  );
  expect(describeTraining(result)).not.toMatch(/clv compare/);
});

test('amounts in a currency of which a fraction is a fortune keep their digits', () => {
  const out_of_time = { ...TEST_BASELINE, rmse: 0.00312, rmse_of_mean: 0.0047, mae: 0.000816 };
  expect(describeTraining({ ...result, out_of_time })).toMatch(
    /RMSE 0\.00312 \(the mean for everybody: 0\.0047\).* MAE 0\.000816/,
  );
});

test('a person is told what a candidate lost to, and that signing it off takes a reason', () => {
  const says = 'btyd is better than the model by 5 (95 % between 2 and 8) on RMSE; this is beyond chance.';
  const said = describeTraining({ ...result, loses_to: [says] });
  expect(said).toContain(`\nLost       ${says}\n`);
  expect(said).toMatch(/^Next +clv approve \S+ --by NAME --note TEXT --override REASON {2}\(or --reject\)$/m);
  expect(describeTraining(result)).not.toMatch(/Lost|--override/);
});

test('a person is told since when customers have ordered less often, and what the forecasts make of it', () => {
  const shift = { from: '2025-03-01', until: null, factor: 0.587 };
  const lasts =
    'Since 2025-03-01 customers have ordered 41 % less often than before; the model takes it that this lasts.';
  expect(describeTraining({ ...result, level_shift: shiftSays(shift) })).toContain(`\nChanged    ${lasts}\n`);
  expect(shiftSays({ ...shift, until: '2025-07-01', factor: 1.5 })).toBe(
    'From 2025-03-01 to 2025-07-01 customers ordered 50 % more often than before; the model takes it that this is over, as modeling.level_shift says.',
  );
  expect(describeTraining({ ...result, level_shift: null })).not.toContain('Changed');
});
