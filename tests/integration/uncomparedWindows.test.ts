import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type RunFileKind, runFileName } from '../../src/artefacts/names.ts';
import { stageOf } from '../../src/schedule/maturingWindows.ts';
import { uncomparedWindows } from '../../src/schedule/uncomparedWindows.ts';
import { mergeActualsProcessor } from '../../workers/maturity/mergeActuals.ts';
import { monitorDriftProcessor } from '../../workers/maturity/monitorDrift.ts';
import { lazyPool, openProcessorBench, writeTestPredictions } from '../maturedWindow.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const pool = lazyPool();
afterAll(() => pool.close());

let folder: TemporaryHome;
beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

test('windows whose months have passed are named until they are compared', async () => {
  const { home } = folder;
  const modelId = 'clv_model_20240101_000000';
  await folder.write('orders.csv', 'customer_id,order_date,revenue\na,2025-01-10,5\na,2025-03-01,5\n');
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('order_id: order_id', 'order_id: null');
  await writeTestCandidate(home, modelId);
  for (const cutoff of ['2025-01-01', '2025-02-15'])
    await writeTestPredictions(home, { cutoff, predMonths: 1, modelId }, { a: 5, b: 1 });
  const passed = (nowMs = Date.UTC(2025, 2, 1, 12)) =>
    uncomparedWindows(home, { timezone: 'UTC', dataLagHours: 0 }, nowMs);
  const window = { cutoff: '2025-01-01', predMonths: 1 };
  expect(await passed(Date.UTC(2025, 1, 1) - 1)).toEqual([]);
  expect(await passed(Date.UTC(2025, 1, 1))).toEqual([window]);
  expect(await passed()).toEqual([window]);
  const bench = openProcessorBench(home, pool);
  await bench.run(mergeActualsProcessor, window, Date.UTC(2026, 0, 1, 12));
  expect(await passed()).toEqual([window]);
  await bench.run(monitorDriftProcessor, window, Date.UTC(2026, 0, 1, 12));
  expect(await passed()).toEqual([]);
  expect(await stageOf(home, window)).toBe('compared');
  // What was merged or predicted counts only as long as its file is there, whatever the sidecar beside it says.
  const fileOf = (kind: RunFileKind) => `${home.outputs}/${runFileName(kind, window)}`;
  await rm(fileOf('predictions_actual'));
  expect(await stageOf(home, window)).toBe('maturing');
  await rm(fileOf('predictions'));
  expect(await stageOf(home, window)).toBe('gone');
});
