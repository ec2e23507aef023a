import { expect, test } from 'vitest';
import { COLOURS } from '../../../src/artefacts/pages/chartParts.ts';
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

const pageOf = (...runs: ReplayedRun[]): Promise<string> => {
  const facts: ReplayFacts = {
    from: '2025-01-01',
    to: '2025-06-01',
    policy: 'Nobody decides.',
    orders: { rows: 100, customers: 10, first: '2024-01-01', last: '2025-05-31' },
    runs,
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

test('one of a thing is told as one', async () => {
  const page = await pageOf(RUN);
  for (const noun of ['scoring run', 'matured window', 'champion'])
    expect(page).toContain(`<b>1</b><span>${noun}</span>`);
  expect(page).toContain('<b>0</b><span>drift alerts</span>');
});

test('an alert says in words what raised it, and is marked on the chart of that figure alone', async () => {
  const alert: ReplayedRun = { ...RUN, r2: 0.1, alertReasons: ['r2'] };
  const page = await pageOf(alert);
  expect(page).toMatch(/<tr class="alert">.*<td>R²<\/td><td class="text">clv_model/);
  const marks = (html: string): number => html.match(/fill="#c8402a"[^>]*fill-opacity/g)?.length ?? 0;
  const charts = page.split('<figure>').slice(1);
  expect(marks(charts[1])).toBeLessThan(marks(charts[2]));
  expect(await pageOf({ ...alert, alertReasons: ['rmse', 'r2'] })).toContain('>RMSE, R²</td>');
});

test('windows of several lengths are told as such', async () => {
  expect(await pageOf(RUN)).not.toContain('months bring more revenue');
  const page = await pageOf(RUN, { ...RUN, cutoff: '2025-02-01', predMonths: 9 });
  expect(page).toContain('They are of 3 and then 9 months: more months bring more revenue');
  expect(page).toContain('<tr><td>2025-02-01</td><td>9</td>');
});

test('windows that are all open are not said to have held', async () => {
  const open = { ...RUN, actualRevenue: null, rmse: null, r2: null, baselineRmse: null, baselineR2: null };
  expect(await pageOf(open)).toContain('No window has matured, so none could raise an alert.');
  expect(await pageOf(open)).not.toContain('No window was worse');
});

test('what a single window is held against can be seen', async () => {
  const [, , , r2] = (await pageOf(RUN)).split('<figure>');
  for (const colour of [COLOURS.faint, COLOURS.alert])
    expect(r2).toMatch(new RegExp(`<path d="[^"]*A[^>]* fill="${colour}"`));
});
