import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { UnrecoverableError } from 'bullmq';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acknowledgeAlert } from '../../src/alerts/acknowledgeAlert.ts';
import { listAlerts } from '../../src/alerts/listAlerts.ts';
import { addMonths } from '../../src/domain/calendar/dates.ts';
import { withMonitoringLock } from '../../src/locks/homeLocks.ts';
import { listRequests } from '../../src/registry/requests.ts';
import { mergeActualsProcessor } from '../../workers/maturity/mergeActuals.ts';
import { monitorDriftProcessor } from '../../workers/maturity/monitorDrift.ts';
import { lazyPool, openProcessorBench, type ProcessorBench, writeTestPredictions } from '../maturedWindow.ts';
import { outputPrints } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const MODEL = 'clv_model_20240101_000000';
const NOW = Date.UTC(2026, 0, 1, 12);
const CUTOFFS = ['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01'];
const HISTORY = 'monitoring/drift_history.csv';
const CUSTOMERS = ['a', 'b', 'c', 'd'];
/** What the four spend in every month. */
const MONTHLY = { a: 400, b: 200, c: 100, d: 0 };

const pool = lazyPool();
let folder: TemporaryHome;
let bench: ProcessorBench;

const alertId = (cutoff: string) => `drift_alert_clv_predictions_actual_${cutoff.replaceAll('-', '')}_pred1m`;
const read = (name: string) => readFile(`${folder.home.outputs}/${name}`, 'utf8');
const rows = async () => (await read(HISTORY)).trimEnd().split('\n').slice(1);
const monitor = (cutoff: string) => bench.run(monitorDriftProcessor, { cutoff, predMonths: 1 }, NOW);

/** Predictions that are `off` for everybody, up for one half and down for the other: the RMSE is `off`. */
async function mature(cutoff: string, off: number, modelId = MODEL): Promise<unknown> {
  const predicted = Object.fromEntries(
    CUSTOMERS.map((id, i) => [id, MONTHLY[id as keyof typeof MONTHLY] + (i % 2 === 0 ? off : -off)]),
  );
  await writeTestPredictions(folder.home, { cutoff, predMonths: 1, modelId }, predicted);
  await bench.run(mergeActualsProcessor, { cutoff, predMonths: 1 }, NOW);
  return monitor(cutoff);
}

beforeEach(async () => {
  folder = await makeHome();
  bench = openProcessorBench(folder.home, pool);
  await folder.configure('  orders: null', '  orders: orders.csv');
  const months = Array.from({ length: 24 }, (_, i) => addMonths('2024-01-10', i));
  const orders = months.flatMap((date) =>
    Object.entries(MONTHLY)
      .filter(([, revenue]) => revenue > 0)
      .map(([id, revenue]) => `${id},${date},${revenue}`),
  );
  await folder.configure('order_id: order_id', 'order_id: null');
  await folder.write('orders.csv', `customer_id,order_date,revenue\n${orders.join('\n')}\nz,2025-01-20,7\n`);
  // The baseline is an RMSE of 50 and an R² of 0.4.
  await writeTestCandidate(folder.home, MODEL);
});
afterEach(() => folder.remove());
afterAll(() => pool.close());

describe('a window that held', () => {
  test('leaves one row and no alert', async () => {
    expect(await mature(CUTOFFS[0], 55)).toMatchObject({
      status: 'ok',
      rmse: 55,
      baseline_rmse: 50,
      customers: 4,
      new_customers: 1,
      new_customers_revenue: 7,
      model_id: MODEL,
    });
    expect(await rows()).toEqual([
      expect.stringMatching(/^2025-01-01,1,2025-02-01,clv_model_\d+_\d+,ok,,55,50,/),
    ]);
    expect(await readdir(folder.home.outputs)).not.toContainEqual(expect.stringContaining('drift_alert'));
    expect(await listAlerts(folder.home)).toEqual([]);
  });
});

describe('a window that drifted', () => {
  test('leaves one row, an alert for people, and a warning in the log; nothing is asked for yet', async () => {
    await mature(CUTOFFS[0], 75);
    expect(await rows()).toEqual([expect.stringContaining(',alert,rmse,75,50,0.5,0.2,')]);
    const text = await read(`${alertId(CUTOFFS[0])}.md`);
    expect(text).toContain('| Typical error (RMSE) | 50.00 | 75.00 | +50.0 % **(alert)** | +20 % |');
    expect(text).toContain('No retrain has been triggered.');
    expect(bench.log).toContainEqual(
      expect.objectContaining({ level: 40, alert: alertId(CUTOFFS[0]), rmse: 75, model_id: MODEL }),
    );
    expect(await listRequests(folder.home)).toEqual([]);
  });

  test('measured twice leaves the same files', async () => {
    await mature(CUTOFFS[0], 75);
    const prints = await outputPrints(folder.home);
    await monitor(CUTOFFS[0]);
    expect(await outputPrints(folder.home)).toEqual(prints);
  });

  test('measured by several workers at one moment leaves one row', async () => {
    await mature(CUTOFFS[0], 75);
    await rm(`${folder.home.outputs}/${HISTORY}`);
    await Promise.all([1, 2, 3, 4].map(() => monitor(CUTOFFS[0])));
    expect(await rows()).toHaveLength(1);
  });

  test('keeps its verdict when the thresholds are changed later', async () => {
    await mature(CUTOFFS[0], 75);
    const prints = await outputPrints(folder.home);
    await folder.configure('drift_threshold_rmse: 0.2', 'drift_threshold_rmse: 2');
    expect(await monitor(CUTOFFS[0])).toMatchObject({ status: 'alert', rmse_threshold: 0.2 });
    expect(await outputPrints(folder.home)).toEqual(prints);
  });
});

describe('a worker that died', () => {
  test('before the row: it is written once', async () => {
    await mature(CUTOFFS[0], 75);
    const prints = await outputPrints(folder.home);
    await rm(`${folder.home.outputs}/${HISTORY}`);
    await monitor(CUTOFFS[0]);
    expect(await outputPrints(folder.home)).toEqual(prints);
  });

  test('within the row: the torn line is set aside, and the row is written once', async () => {
    await mature(CUTOFFS[0], 55);
    await mature(CUTOFFS[1], 75);
    const [prints, whole] = [await outputPrints(folder.home), await read(HISTORY)];
    await writeFile(`${folder.home.outputs}/${HISTORY}`, whole.slice(0, -20));
    await monitor(CUTOFFS[1]);
    const { [HISTORY]: history, ...others } = await outputPrints(folder.home);
    expect(history).toBe(prints[HISTORY]);
    const torn = Object.keys(others).filter((name) => !(name in prints));
    expect(torn).toEqual([expect.stringMatching(/^monitoring\/drift_history\.csv\.torn-/)]);
  });

  test('between request and row: windows of that row that are measured meanwhile do not ask again', async () => {
    const [early, middle, late] = CUTOFFS;
    await mature(middle, 75);
    const whole = await read(HISTORY);
    await mature(early, 75);
    // The request names the early window; its row was never written.
    await writeFile(`${folder.home.outputs}/${HISTORY}`, whole);
    await mature(late, 75);
    await monitor(early);
    const id = `sustained-drift-${MODEL}-20250101`;
    expect((await listRequests(folder.home)).map((request) => request.id)).toEqual([id]);
    const alerts = await listAlerts(folder.home);
    expect(alerts.map(({ requestId }) => requestId)).toEqual([id, null, id]);
    for (const cutoff of [early, late])
      expect(await read(`${alertId(cutoff)}.md`)).toContain(`POST /api/requests/${id}/grid-search`);
  });

  test('and left a damaged request does not keep the next window of the model from being measured', async () => {
    await mature(CUTOFFS[0], 75);
    await mature(CUTOFFS[1], 75);
    await folder.write(`outputs/requests/sustained-drift-${MODEL}-20250101.json`, '{');
    expect(await mature(CUTOFFS[2], 75)).toMatchObject({ status: 'alert' });
    expect(await listAlerts(folder.home)).toHaveLength(3);
  });

  test('and left a damaged request does not keep windows of another model from being measured', async () => {
    const other = 'clv_model_20240601_000000';
    await writeTestCandidate(folder.home, other);
    await mature(CUTOFFS[0], 75);
    await mature(CUTOFFS[1], 75);
    await folder.write(`outputs/requests/sustained-drift-${MODEL}-20250101.json`, '{');
    expect(await mature(CUTOFFS[3], 75, other)).toMatchObject({ status: 'alert' });
    expect(await listAlerts(folder.home)).toHaveLength(3);
  });

  test('before the alert was written: it is', async () => {
    await mature(CUTOFFS[0], 75);
    const prints = await outputPrints(folder.home);
    await rm(`${folder.home.outputs}/${alertId(CUTOFFS[0])}.md`);
    await monitor(CUTOFFS[0]);
    expect(await outputPrints(folder.home)).toEqual(prints);
  });
});

test('a process that keeps the monitoring files to itself holds a result up, and does not lose it', async () => {
  await mature(CUTOFFS[0], 55);
  await rm(`${folder.home.outputs}/${HISTORY}`);
  const failure = await withMonitoringLock(folder.home, () =>
    monitor(CUTOFFS[0]).then(
      () => new Error('it did not fail'),
      (error: Error) => error,
    ),
  );
  expect(failure).not.toBeInstanceOf(UnrecoverableError);
  expect(failure.message).toMatch(/has been changing the monitoring files of .* for more than 10 seconds/);
  await monitor(CUTOFFS[0]);
  expect(await rows()).toHaveLength(1);
});

describe('two alerts in consecutive windows of one champion', () => {
  test('recommend a grid search in alert and log, and ask a person for it', async () => {
    await mature(CUTOFFS[0], 75);
    await mature(CUTOFFS[1], 80);
    expect(await read(`${alertId(CUTOFFS[1])}.md`)).toContain('## Grid search recommended');
    expect(bench.log.at(-1)).toMatchObject({
      level: 40,
      msg: expect.stringContaining('grid search recommended'),
    });
    const [request, ...more] = await listRequests(folder.home);
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      id: `sustained-drift-${MODEL}-20250101`,
      kind: 'sustained-drift',
      status: 'open',
      evidence: { model_id: MODEL, windows: [{ cutoff: '2025-01-01' }, { cutoff: '2025-02-01' }] },
    });
    expect((await listAlerts(folder.home)).map(({ id, inARow }) => [id, inARow.length])).toEqual([
      [alertId(CUTOFFS[1]), 2],
      [alertId(CUTOFFS[0]), 1],
    ]);
  });

  test('ask once, however long the row grows', async () => {
    for (const cutoff of CUTOFFS) await mature(cutoff, 75);
    expect(await listRequests(folder.home)).toHaveLength(1);
    expect(await read(`${alertId(CUTOFFS[3])}.md`)).toContain('4 alerts in consecutive windows');
  });

  test('ask once where an earlier window is merged after later ones, and all texts name that request', async () => {
    const [early, ...later] = CUTOFFS;
    for (const cutoff of [...later, early]) await mature(cutoff, 75);
    const [request, ...more] = await listRequests(folder.home);
    expect([request.id, more]).toEqual([`sustained-drift-${MODEL}-20250201`, []]);
    expect(await read(`${alertId(early)}.md`)).toContain(`POST /api/requests/${request.id}/grid-search`);
    const named = (await listAlerts(folder.home)).map(({ requestId }) => requestId);
    // The first of them to be measured was no row yet.
    expect(named).toEqual([request.id, request.id, null, request.id]);
    const prints = await outputPrints(folder.home);
    for (const cutoff of CUTOFFS) await monitor(cutoff);
    expect(await outputPrints(folder.home)).toEqual(prints);
  });

  test('are not made of one window that was scored and measured again', async () => {
    await mature(CUTOFFS[0], 75);
    await mature(CUTOFFS[0], 80);
    expect(await rows()).toHaveLength(2);
    expect(await listRequests(folder.home)).toEqual([]);
    expect(await read(`${alertId(CUTOFFS[0])}.md`)).not.toContain('Grid search recommended');
    expect(await listAlerts(folder.home)).toHaveLength(1);
  });

  test('are not made of two models', async () => {
    const other = 'clv_model_20240601_000000';
    await writeTestCandidate(folder.home, other);
    await mature(CUTOFFS[0], 75);
    await mature(CUTOFFS[1], 75, other);
    expect(await listRequests(folder.home)).toEqual([]);
  });
});

describe('the baseline', () => {
  test('is that of the model that made the predictions, whoever is champion now', async () => {
    const lenient = 'clv_model_20230101_000000';
    await writeTestCandidate(folder.home, lenient, 500);
    expect(await mature(CUTOFFS[0], 75, lenient)).toMatchObject({ status: 'ok', baseline_rmse: 500 });
  });

  test('of a model without a card stops with a sentence', async () => {
    await expect(mature(CUTOFFS[0], 75, 'clv_model_20220101_000000')).rejects.toThrow(
      'There is no model clv_model_20220101_000000',
    );
  });
});

test('without the result of the merge it fails with a sentence and writes nothing', async () => {
  await mature(CUTOFFS[0], 55);
  await rm(`${folder.home.outputs}/clv_predictions_actual_20250101_pred1m.csv`);
  const prints = await outputPrints(folder.home);
  const failure: Error = await monitor(CUTOFFS[0]).then(
    () => new Error('it did not fail'),
    (error) => error,
  );
  expect(failure).toBeInstanceOf(UnrecoverableError);
  expect(failure.message).toMatch(/window at 2025-01-01 was not joined: .*pred1m\.csv is missing/);
  expect(failure.message).toContain('merge-actuals');
  expect(await outputPrints(folder.home)).toEqual(prints);
});

test('actuals that do not vary have no R², and only the RMSE decides', async () => {
  await folder.write('orders.csv', 'customer_id,order_date,revenue\na,2024-06-01,5\nz,2025-06-01,5\n');
  const predicted = { a: 10, b: -10, c: 10, d: -10 };
  await writeTestPredictions(folder.home, { cutoff: '2025-01-01', predMonths: 1, modelId: MODEL }, predicted);
  await bench.run(mergeActualsProcessor, { cutoff: '2025-01-01', predMonths: 1 }, NOW);
  expect(await monitor('2025-01-01')).toMatchObject({ status: 'ok', rmse: 10, r2: null, r2_drop: null });
  expect((await rows())[0]).toContain(',10,50,-0.8,0.2,,0.4,,,0.15,');
});

describe('an acknowledgement', () => {
  const acknowledge = (by = 'Ada', note = 'the shop was closed for a week') =>
    acknowledgeAlert(folder.home, alertId(CUTOFFS[0]), { by, note, nowMs: NOW });
  beforeEach(() => mature(CUTOFFS[0], 75));

  test('keeps who, when and why', async () => {
    await acknowledge();
    const [{ acknowledgement }] = await listAlerts(folder.home);
    expect(acknowledgement).toMatchObject({
      at: '2026-01-01T12:00:00.000Z',
      by: 'Ada',
      note: 'the shop was closed for a week',
    });
  });

  test('of many at one moment the first counts, and the others are told whose it was', async () => {
    const results = await Promise.allSettled(['Ada', 'Bob', 'Cyd'].map((by) => acknowledge(by)));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    const [{ acknowledgement }] = await listAlerts(folder.home);
    for (const result of results.filter((it) => it.status === 'rejected'))
      expect(result.reason).toMatchObject({
        code: 'ALREADY_ACKNOWLEDGED',
        message: expect.stringContaining(`by ${acknowledgement?.by}`),
      });
  });

  test('without a name or a reason, or of an unknown alert, is refused', async () => {
    await expect(acknowledge(' ')).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' });
    await expect(acknowledge('Ada', '')).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' });
    await expect(
      acknowledgeAlert(folder.home, '../../models', { by: 'Ada', note: 'x', nowMs: NOW }),
    ).rejects.toMatchObject({ code: 'ALERT_UNKNOWN' });
    expect((await listAlerts(folder.home))[0].acknowledgement).toBeNull();
  });

  test('is asked for anew where the window is measured anew', async () => {
    await acknowledge();
    await mature(CUTOFFS[0], 80);
    expect((await listAlerts(folder.home))[0].acknowledgement).toBeNull();
    await acknowledge('Bob');
    expect((await listAlerts(folder.home))[0].acknowledgement?.by).toBe('Bob');
  });
});

test('a history that somebody edited stops with a sentence that names the row', async () => {
  await mature(CUTOFFS[0], 55);
  await mature(CUTOFFS[1], 55);
  const path = `${folder.home.outputs}/${HISTORY}`;
  await writeFile(path, (await read(HISTORY)).replace('2025-02-01,1,', '2025-02-01,one,'));
  await expect(mature(CUTOFFS[2], 55)).rejects.toThrow(`${path}, row 2 has "one" as pred_months`);
});
