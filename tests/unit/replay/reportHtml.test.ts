import { expect, test } from 'vitest';
import type { ReplayedRun, ReplayFacts } from '../../../src/replay/replayFacts.ts';
import { replayReportHtml } from '../../../src/replay/reportHtml.ts';

const RUN: ReplayedRun = {
  cutoff: '2025-01-01',
  predMonths: 3,
  modelId: 'clv_model_20250101_000000',
  customers: 10,
  predictedRevenue: 1200,
  dueDate: '2025-04-01',
  actualRevenue: 1000,
  rmse: 50,
  r2: -0.000_01,
  baselineRmse: 50,
  baselineR2: 0.4,
  alertReasons: [],
  psi: null,
};

const pageOf = (run: ReplayedRun): Promise<string> => {
  const facts: ReplayFacts = {
    from: '2025-01-01',
    to: '2025-06-01',
    policy: 'Nobody decides.',
    orders: { rows: 100, customers: 10, first: '2024-01-01', last: '2025-05-31' },
    runs: [run],
    decisions: [],
    files: [],
    jobs: [],
    seconds: 1,
  };
  return replayReportHtml(facts, { rmse: 0.2, r2: 0.15 });
};

test('what was predicted is told as a share of what came', async () => {
  const page = await pageOf(RUN);
  expect(page).toContain('<b>+20.0 %</b>');
  expect(page).toMatch(/<td[^>]*>\+20\.0 %<\/td>/);
  expect(page).toContain('>0.000<');
});

test.each([0, -500])('a share of %d that came is not told, because there is none', async (actualRevenue) => {
  const page = await pageOf({ ...RUN, actualRevenue });
  expect(page).toContain('<b>–</b>');
  expect(page).not.toContain('340.0 %');
});
