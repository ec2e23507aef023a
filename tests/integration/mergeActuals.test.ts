import { readFile, rm, writeFile } from 'node:fs/promises';
import { UnrecoverableError } from 'bullmq';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mergeActualsProcessor } from '../../workers/maturity/mergeActuals.ts';
import {
  lazyPool,
  openProcessorBench,
  type ProcessorBench,
  Waiting,
  writeTestPredictions,
} from '../maturedWindow.ts';
import { outputPrints } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const MODEL = 'clv_model_20250101_000000';
const WINDOW = { cutoff: '2025-01-01', predMonths: 3 };
const ACTUAL = 'clv_predictions_actual_20250101_pred3m';
/** The window has passed in UTC, and a day later everywhere. */
const DUE = Date.UTC(2025, 3, 1);
const LATER = Date.UTC(2025, 11, 1);

const ORDERS = [
  'order_id,customer_id,order_date,revenue',
  '1,007,2024-06-01,100',
  '2,008,2024-07-01,50',
  '3,009,2024-08-01,20',
  '4,old,2023-01-05,70',
  // On the first day of the window, within it (with a return), on its last day.
  '5,007,2025-01-01,10.25',
  '6,007,2025-02-01,30.5',
  '7,007,2025-02-03,-30.5',
  '8,008,2025-03-31T23:59:59,5.10',
  // Not scored: came back after more than the history, and bought for the first time.
  '9,old,2025-02-02,12',
  '10,new1,2025-01-15,40',
  '11,new2,2025-03-01,60.5',
  '12,new2,2025-03-02,-0.25',
  // The first moment after the window.
  '13,009,2025-04-01,999',
];

const pool = lazyPool();
let folder: TemporaryHome;
let bench: ProcessorBench;
const merge = (window: object = WINDOW, nowMs = LATER) => bench.run(mergeActualsProcessor, window, nowMs);
const read = (name: string) => readFile(`${folder.home.outputs}/${name}`, 'utf8');
const predict = (predicted: Record<string, number> = { '007': 12, '008': 7.5, '009': 1 }, window = WINDOW) =>
  writeTestPredictions(folder.home, { ...window, modelId: MODEL }, predicted);
const writeOrders = (lines: readonly string[]) => folder.write('orders.csv', `${lines.join('\n')}\n`);

beforeEach(async () => {
  folder = await makeHome();
  bench = openProcessorBench(folder.home, pool);
  await folder.configure('  orders: null', '  orders: orders.csv');
  await writeOrders(ORDERS);
});
afterEach(() => folder.remove());
afterAll(() => pool.close());

describe('the actual file', () => {
  test('has the rows of the prediction file and what each customer spent, net, in the half-open window', async () => {
    const predictions = (await readFile(await predict(), 'utf8')).trimEnd().split('\n');
    await merge();
    const lines = (await read(`${ACTUAL}.csv`)).trimEnd().split('\n');
    expect(lines).toEqual(['actual_clv', '10.25', '5.1', '0'].map((cell, i) => `${predictions[i]},${cell}`));
  });

  test('has a sidecar with model and windows of the prediction, and a line for whoever was not scored', async () => {
    await predict();
    await merge();
    expect(JSON.parse(await read(`${ACTUAL}.meta.json`))).toMatchObject({
      file: `${ACTUAL}.csv`,
      rows: 3,
      model_id: MODEL,
      cutoff: '2025-01-01',
      history_months: 12,
      pred_months: 3,
      prediction_window: { start: '2025-01-01', end: '2025-04-01' },
      actual_revenue: 15.35,
      customers_without_purchase: 1,
      new_customers: { customers: 2, revenue: 100.25 },
      returned_customers: { customers: 1, revenue: 12 },
    });
  });

  test('counts who only sent something back among those without a purchase', async () => {
    await writeOrders([...ORDERS, '14,009,2025-02-01,-20']);
    await predict();
    await merge();
    expect(JSON.parse(await read(`${ACTUAL}.meta.json`))).toMatchObject({
      actual_revenue: -4.65,
      customers_without_purchase: 1,
    });
  });

  test('keeps totals of amounts below a penny', async () => {
    await writeOrders([
      ORDERS[0],
      '1,007,2024-06-01,1',
      '2,007,2025-01-01,0.0012',
      '3,new,2025-03-31,0.00034',
    ]);
    await predict({ '007': 0.001 });
    await merge();
    expect(JSON.parse(await read(`${ACTUAL}.meta.json`))).toMatchObject({
      actual_revenue: 0.0012,
      new_customers: { customers: 1, revenue: 0.00034 },
    });
  });

  test("does not follow today's config", async () => {
    await predict();
    await folder.configure('pred_months: 6', 'pred_months: 9');
    await folder.configure('history_months: 12', 'history_months: 24');
    await merge();
    expect(JSON.parse(await read(`${ACTUAL}.meta.json`))).toMatchObject({
      history_months: 12,
      pred_months: 3,
    });
  });
});

describe('run again', () => {
  test('leaves the same bytes, whatever has come to the orders since', async () => {
    await predict();
    const result = await merge();
    const prints = await outputPrints(folder.home);
    await writeOrders([...ORDERS, '14,007,2025-03-05,77']);
    expect(await merge()).toEqual(result);
    expect(await outputPrints(folder.home)).toEqual(prints);
  });

  test.each(['.csv', '.meta.json'])(
    'after dying before %s was whole, it leaves the same bytes',
    async (end) => {
      await predict();
      await merge();
      const prints = await outputPrints(folder.home);
      await rm(`${folder.home.outputs}/${ACTUAL}${end}`);
      await merge();
      expect(await outputPrints(folder.home)).toEqual(prints);
    },
  );

  test('on an actual file that was edited, it makes it anew', async () => {
    await predict();
    await merge();
    const prints = await outputPrints(folder.home);
    await writeFile(`${folder.home.outputs}/${ACTUAL}.csv`, 'edited');
    await merge();
    expect(await outputPrints(folder.home)).toEqual(prints);
  });

  test('after the window was scored anew, it joins the new predictions', async () => {
    await predict();
    await merge();
    await predict({ '007': 99, '009': 98 });
    await merge();
    expect((await read(`${ACTUAL}.csv`)).trimEnd().split('\n').slice(1)).toEqual([
      '007,99,10,10,10,,10,10.25',
      '009,98,10,10,10,,10,0',
    ]);
  });

  test('after the prediction file went to the archive, it keeps the result', async () => {
    const path = await predict();
    const result = await merge();
    await rm(path);
    await rm(path.replace('.csv', '.meta.json'));
    expect(await merge()).toEqual(result);
  });
});

describe('a prediction file that is not as it was written', () => {
  test.each([
    ['was edited', (path: string) => writeFile(path, 'customer_id,predicted_clv\n007,1\n')],
    ['was deleted', (path: string) => rm(path)],
    ['lost its sidecar', (path: string) => rm(path.replace('.csv', '.meta.json'))],
  ])('%s: the error names it, nothing is written, other windows go on', async (_what, spoil) => {
    const path = await predict();
    await predict(undefined, { cutoff: '2025-02-01', predMonths: 1 });
    await spoil(path);
    const prints = await outputPrints(folder.home);
    await expect(merge()).rejects.toThrow(UnrecoverableError);
    await expect(merge()).rejects.toThrow(path);
    expect(await outputPrints(folder.home)).toEqual(prints);
    await merge({ cutoff: '2025-02-01', predMonths: 1 });
    expect(await read('clv_predictions_actual_20250201_pred1m.csv')).toContain('007,12');
  });

  test('a sidecar of another window is refused', async () => {
    const path = await predict();
    const sidecar = path.replace('.csv', '.meta.json');
    await writeFile(
      sidecar,
      (await readFile(sidecar, 'utf8')).replace('"pred_months": 3', '"pred_months": 6'),
    );
    await expect(merge()).rejects.toThrow(/of another window: cutoff 2025-01-01, 6 months/);
  });
});

describe('a window whose orders are not there yet', () => {
  /** An order every third day up to the middle of March, and then nothing. */
  const STEADY = Array.from({ length: 60 }, (_, i) => {
    const date = new Date(Date.UTC(2024, 8, 17) + i * 3 * 86_400_000).toISOString().slice(0, 10);
    return `s${i},steady,${date},1`;
  });
  const WITHOUT_END = ORDERS.filter((line) => !line.startsWith('8,') && !line.startsWith('13,'));

  test('is tried again, with a sentence that says how far they reach, and is measured once they are there', async () => {
    await predict();
    await writeOrders([...WITHOUT_END, ...STEADY]);
    const prints = await outputPrints(folder.home);
    const failure: Error = await merge().then(
      () => new Error('it did not fail'),
      (error) => error,
    );
    expect(failure).not.toBeInstanceOf(UnrecoverableError);
    expect(failure.message).toMatch(
      /The orders end on 2025-03-13, but the predicted months run up to 2025-04-01: 18 days without an order/,
    );
    expect(failure.message).toMatch(/Load the newer orders.*set monitoring.accept_quiet_days to 18/);
    expect(await outputPrints(folder.home)).toEqual(prints);
    await writeOrders([...ORDERS, ...STEADY]);
    await merge();
    expect(await read(`${ACTUAL}.csv`)).toMatch(/^008,.*,5\.1$/m);
  });

  test('is measured where a person says that the shop sold nothing', async () => {
    await predict();
    await writeOrders([...WITHOUT_END, ...STEADY]);
    await folder.configure('accept_quiet_days: 0', 'accept_quiet_days: 17');
    await expect(merge()).rejects.toThrow('18 days without an order');
    await folder.configure('accept_quiet_days: 17', 'accept_quiet_days: 18');
    await merge();
    expect(await read(`${ACTUAL}.csv`)).toMatch(/^007,.*,10\.25$/m);
  });

  test('of a small shop is measured although nobody bought on the last days', async () => {
    await predict();
    await writeOrders(WITHOUT_END);
    await merge();
    expect((await read(`${ACTUAL}.csv`)).trimEnd().split('\n').at(-1)).toMatch(/,0$/);
  });
});

describe('orders that cannot be read at the moment', () => {
  test.each([
    ['are not there', () => rm(`${folder.home.root}/orders.csv`), /There is no orders file at/],
    ['are just being written', () => writeFile(`${folder.home.root}/orders.csv`, ''), /is empty/],
    [
      'are half rubbish',
      () => writeOrders([...ORDERS, ...ORDERS.map((_, i) => `x${i},007,never,1`)]),
      /rows cannot be used/,
    ],
  ])('%s: the merge is tried again, and measures once they are mended', async (_what, spoil, sentence) => {
    await predict();
    await spoil();
    const failure: Error = await merge().then(
      () => new Error('it did not fail'),
      (error) => error,
    );
    expect(failure).not.toBeInstanceOf(UnrecoverableError);
    expect(failure.message).toMatch(sentence);
    await writeOrders(ORDERS);
    await merge();
    expect(await read(`${ACTUAL}.csv`)).toMatch(/^007,.*,10\.25$/m);
  });
});

describe('a window that has not passed', () => {
  test.each([
    ['UTC', DUE],
    ['America/New_York', DUE + 4 * 3_600_000],
    ['Asia/Tokyo', DUE - 9 * 3_600_000],
  ])('in %s is put aside a millisecond early, and is measured at the instant', async (timezone, due) => {
    await predict();
    await folder.configure('timezone: UTC', `timezone: ${timezone}`);
    await writeOrders(ORDERS.slice(0, -1));
    const prints = await outputPrints(folder.home);
    await expect(merge(WINDOW, due - 1)).rejects.toThrow(new Waiting(due));
    expect(await outputPrints(folder.home)).toEqual(prints);
    await merge(WINDOW, due);
    expect(Object.keys(await outputPrints(folder.home))).toContain(`${ACTUAL}.csv`);
  });

  test('waits for the hours that orders may come late', async () => {
    await predict();
    await folder.configure('data_lag_hours: 0', 'data_lag_hours: 36');
    await expect(merge(WINDOW, DUE + 36 * 3_600_000 - 1)).rejects.toThrow(
      'waits until 2025-04-02T12:00:00.000Z',
    );
    await writeOrders(ORDERS.slice(0, -1));
    await merge(WINDOW, DUE + 36 * 3_600_000);
  });
});
