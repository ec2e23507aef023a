import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAlerts } from '../../src/alerts/listAlerts.ts';
import { readChampion } from '../../src/registry/champion.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { mergeActualsProcessor } from '../../workers/maturity/mergeActuals.ts';
import { monitorDriftProcessor } from '../../workers/maturity/monitorDrift.ts';
import { trainChampionProcessor } from '../../workers/modelBuild/trainChampion.ts';
import { scoreCustomersProcessor } from '../../workers/scoring/scoreCustomers.ts';
import { lazyPool, openProcessorBench, type ProcessorBench } from '../maturedWindow.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const MODEL = 'clv_model_20260101_120000';
/** A year at a time, so that no season is taken for a change. */
const PRED_MONTHS = 12;
const CHANGE_AT = '2025-01-01';

const pool = lazyPool();
let folder: TemporaryHome;
let bench: ProcessorBench;

beforeAll(async () => {
  folder = await makeHome();
  bench = openProcessorBench(folder.home, pool);
  await writeSampleShop({
    out: `${folder.home.root}/orders.csv`,
    end: '2026-01-01',
    // Few customers carry much of the revenue: in a smaller shop their luck alone moves the RMSE by more than 20 %.
    customers: 8000,
    months: 66,
    changeAt: CHANGE_AT,
    changeFactor: 3,
  });
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('trees: 200', 'trees: 10');
  await folder.configure('engine: tournament', 'engine: forest');
  const training = {
    ...{ modelId: MODEL, cutoff: '2023-07-01', historyMonths: 12, predMonths: PRED_MONTHS, orders: null },
    search: null,
    // Of customers whose luck decides the contest, it may be lost; here it is the alerts that count.
    signOff: { approver: 'Test Person', note: 'for the test', ticket: null, override: 'for the test' },
  };
  await bench.run(trainChampionProcessor, training, NOW);
});
afterAll(async () => {
  await pool.close();
  await folder?.remove();
});

async function mature(cutoff: string): Promise<void> {
  const { model_id: modelId, history_months: historyMonths } = await readChampion(folder.home);
  const run = { cutoff, modelId, historyMonths, predMonths: PRED_MONTHS, orders: null };
  await bench.run(scoreCustomersProcessor, run, NOW);
  const window = { cutoff, predMonths: PRED_MONTHS };
  await bench.run(mergeActualsProcessor, window, NOW);
  await bench.run(monitorDriftProcessor, window, NOW);
}

test('windows before a change of behaviour raise no alert, and the first that it falls into does', async () => {
  // Their last days are 2024-09-30, 2024-12-31 and, with three months of the change, 2025-03-31.
  for (const cutoff of ['2023-10-01', '2024-01-01', '2024-04-01']) await mature(cutoff);
  const alerts = (await listAlerts(folder.home)).map(({ result }) => result);
  expect(alerts.map(({ cutoff }) => cutoff)).toEqual(['2024-04-01']);
  expect(alerts[0].metrics.bias).toBeLessThan(-0.2);
});
