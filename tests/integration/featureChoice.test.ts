import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { reproduceModel } from '../../queues/modelBuild.ts';
import { addDays } from '../../src/domain/calendar/dates.ts';
import { historyWindow } from '../../src/domain/calendar/windows.ts';
import { BASE_FEATURES, chooseFeatures } from '../../src/domain/features/chooseFeatures.ts';
import { readCard } from '../../src/registry/modelCard.ts';
import { referencePath } from '../../src/registry/populationReference.ts';
import { scoreRunOf } from '../../src/registry/scoreRunOf.ts';
import { runClv } from '../runClv.ts';
import { openTestShop, type TestShop } from '../testShop.ts';

const OLD = 'clv_model_20260101_120000';
const NEW = 'clv_model_20260101_130000';

let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ customers: 600, trees: 10, engine: 'forest' });
  await shop.folder.configure('features: [all]', 'features: [base]');
  await shop.bench.startWorkers(2);
  await shop.bench.train(OLD);
  await shop.folder.configure('features: [base]', 'features: [all]');
});
afterAll(() => shop?.close());

/** Has the config ask for the base until the test is over. */
async function askForTheBase(): Promise<void> {
  await shop.folder.configure('features: [all]', 'features: [base]');
  onTestFinished(() => shop.folder.configure('features: [base]', 'features: [all]'));
}

test('a model of the eleven base features goes on scoring, and is made again, when the config asks for all', async () => {
  const { home } = shop.folder;
  const card = await readCard(home, OLD);
  expect(card.features).toEqual(BASE_FEATURES);
  await shop.bench.score(scoreRunOf(card, '2025-11-01'));
  const report = JSON.parse(await readFile(`${home.runReports}/clv_run_20251101_pred6m.json`, 'utf8'));
  const psi: { variable: string }[] = report.population_stability.variables;
  expect(psi.map(({ variable }) => variable)).toEqual([...BASE_FEATURES, 'predicted_clv']);
  expect(await shop.bench.build(reproduceModel, { modelId: OLD, orders: null })).toMatchObject({
    verdict: 'identical',
  });
});

test('a model of all features names them on its card, is made again and scores when the config asks for the base', async () => {
  const { home } = shop.folder;
  await shop.bench.train(NEW);
  await askForTheBase();
  const card = await readCard(home, NEW);
  expect(card.features).toEqual(chooseFeatures(['all']));
  const reference = JSON.parse(await readFile(referencePath(home, NEW), 'utf8'));
  expect(Object.keys(reference.variables)).toEqual([...card.features, 'predicted_clv']);
  // What is read before the history window is on the print of the orders too.
  const { start } = historyWindow(card.cutoff, card.history_months);
  expect(card.training_window.start).toBe(start);
  expect((card.data.firstDate as string) < addDays(start, -300)).toBe(true);
  await shop.bench.score(await shop.bench.runOf('2025-12-01'));
  expect(await shop.bench.build(reproduceModel, { modelId: NEW, orders: null })).toMatchObject({
    verdict: 'identical',
  });
});

test('clv features writes the base, or what is asked for behind it', async () => {
  await askForTheBase();
  const { root } = shop.folder.home;
  const headerOf = async (...words: string[]) => {
    const out = `${root}/matrix.csv`;
    const at = ['--cutoff', '2025-07-01', '--history-months', '12', '--out', out];
    const where = { redisUrl: shop.redis.url, home: root };
    const { code, stderr } = await runClv(where, ['features', ...at, ...words]);
    if (code !== 0) return stderr;
    return (await readFile(out, 'utf8')).split('\n')[0];
  };
  expect(await headerOf()).toBe(['customer_id', ...BASE_FEATURES].join(','));
  expect(await headerOf('--features', 'gap_trend, season')).toBe(
    ['customer_id', ...BASE_FEATURES, 'gap_trend', 'revenue_same_season'].join(','),
  );
  expect(await headerOf('--features', 'al')).toMatch(/"al" is neither a feature .*did you mean all\?/);
});
