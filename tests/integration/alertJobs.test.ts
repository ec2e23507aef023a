import { readFile } from 'node:fs/promises';
import { UnrecoverableError, Worker } from 'bullmq';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SendAlert, sendAlert } from '../../queues/alerts.ts';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { repeatStrategy } from '../../queues/repeatStrategy.ts';
import { acknowledgeAlert } from '../../src/alerts/acknowledgeAlert.ts';
import { alertFigures } from '../../src/alerts/alertFigures.ts';
import { listAlerts } from '../../src/alerts/listAlerts.ts';
import { withMonitoringLock } from '../../src/locks/homeLocks.ts';
import { reconcile } from '../../src/schedule/reconcile.ts';
import { sendAlertProcessor } from '../../workers/maintenance/sendAlert.ts';
import { mergeActualsProcessor } from '../../workers/maturity/mergeActuals.ts';
import { monitorDriftProcessor } from '../../workers/maturity/monitorDrift.ts';
import { lazyPool, openProcessorBench, type ProcessorBench, writeTestPredictions } from '../maturedWindow.ts';
import { type HttpReceiver, startHttpReceiver, startMailReceiver } from '../receivers.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { runClv } from '../runClv.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const WINDOW = { cutoff: '2025-01-01', predMonths: 1 };
const MODEL = 'clv_model_20240101_000000';
const ALERT = 'drift_alert_clv_predictions_actual_20250101_pred1m';
const SECRET = 'not-to-be-told';

const pool = lazyPool();
let redis: TestRedis;
let web: HttpReceiver;
let folder: TemporaryHome;
let queues: Queues;
let bench: ProcessorBench;

beforeAll(async () => {
  redis = await startTestRedis();
});
beforeEach(async () => {
  [web, folder] = await Promise.all([startHttpReceiver(), makeHome()]);
  queues = await openQueues(redis.url, folder.home.id, () => undefined);
  bench = openProcessorBench(folder.home, pool, queues);
  process.env.CLV_TEST_HOOK_SECRET = SECRET;
  process.env.CLV_TEST_CHAT_URL = `${web.url}/chat/${SECRET}`;
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('order_id: order_id', 'order_id: null');
  await folder.configure(
    'webhook: null',
    `webhook: { url: "${web.url}/hook", secret_env: CLV_TEST_HOOK_SECRET }`,
  );
  await folder.configure('slack: null', 'slack: { url_env: CLV_TEST_CHAT_URL }');
  await folder.write('orders.csv', 'customer_id,order_date,revenue\na,2025-01-10,400\nb,2025-06-01,1\n');
  await writeTestCandidate(folder.home, MODEL);
  await writeTestPredictions(folder.home, { ...WINDOW, modelId: MODEL }, { a: 100, b: 100 });
  await bench.run(mergeActualsProcessor, WINDOW, NOW);
});
afterEach(async () => {
  await queues.close();
  await web.close();
  await folder.remove();
});
afterAll(async () => {
  await pool.close();
  await redis?.stop();
});

const waiting = () => queues.byName.maintenance.getJobs(['waiting', 'delayed', 'prioritized']);
const payloads = async () =>
  (await waiting()).map((job) => job.data as SendAlert).sort((a, b) => (a.channel < b.channel ? -1 : 1));

/** Has the alert monitored, and gives what is to be sent of it by a channel. */
async function messageBy(channel: SendAlert['channel']): Promise<SendAlert> {
  await bench.run(monitorDriftProcessor, WINDOW, NOW);
  return (await payloads()).find((it) => it.channel === channel) as SendAlert;
}

test('an alert queues one job for each channel, without any secret, however often it is monitored', async () => {
  for (const _ of [1, 2, 3]) await bench.run(monitorDriftProcessor, WINDOW, NOW);
  const jobs = await waiting();
  expect((await payloads()).map(({ alertId, channel }) => [alertId, channel])).toEqual([
    [ALERT, 'slack'],
    [ALERT, 'webhook'],
  ]);
  for (const job of jobs) {
    expect(job.name).toBe(sendAlert.name);
    expect(JSON.stringify(job.asJSON())).not.toContain(SECRET);
  }
  expect(web.posted).toEqual([]);
});

test('a receiver that never answers, or is away, holds up no monitoring: the result is written, the sending is left to its own job', async () => {
  web.answer(null);
  const result = await bench.run(monitorDriftProcessor, WINDOW, NOW);
  expect(result).toMatchObject({ alert: expect.anything() });
  expect(web.posted).toEqual([]);
  expect(
    (await readFile(`${folder.home.outputs}/monitoring/drift_history.csv`, 'utf8')).trimEnd().split('\n'),
  ).toHaveLength(2);
  for (const job of await waiting()) expect(job.opts.attempts).toBeGreaterThan(1);
});

test('a channel that fails is tried again and leaves no record; once it left, it is not sent again', async () => {
  const payload = await messageBy('webhook');
  web.answer(503);
  await expect(bench.run(sendAlertProcessor, payload, NOW)).rejects.toThrow('The webhook answered 503.');
  expect((await listAlerts(folder.home))[0].deliveries).toEqual([]);
  web.answer(200);
  await bench.run(sendAlertProcessor, payload, NOW);
  const posted = web.posted.length;
  expect(await bench.run(sendAlertProcessor, payload, NOW)).toEqual({ skipped: 'sent before' });
  expect(web.posted).toHaveLength(posted);
  expect((await listAlerts(folder.home))[0].deliveries).toEqual([
    expect.objectContaining({ channel: 'webhook', at: '2026-01-01T12:00:00.000Z' }),
  ]);
});

test('addresses that were refused are in the record, in what programs get and in what people read', async () => {
  const mail = await startMailReceiver();
  try {
    await folder.configure(
      'email: null',
      `email: { host: 127.0.0.1, port: ${mail.port}, security: none, from: clv@example.org, to: [ada@example.org, bob@example.org] }`,
    );
    mail.answer('RCPT TO:<ada@example.org>', '550 no such user');
    const refused = ['ada@example.org'];
    expect(await bench.run(sendAlertProcessor, await messageBy('email'), NOW)).toEqual({
      sent: 'email',
      refused,
    });
    const [alert] = await listAlerts(folder.home);
    expect(alert.deliveries).toEqual([expect.objectContaining({ channel: 'email', refused })]);
    expect(alertFigures(alert).deliveries).toEqual([
      { at: '2026-01-01T12:00:00.000Z', channel: 'email', refused },
    ]);
    const { stdout } = await runClv({ redisUrl: redis.url, home: folder.home.root }, ['alerts']);
    expect(stdout).toContain('  sent to email (refused for ada@example.org)\n');
  } finally {
    await mail.close();
  }
});

test('an alert that left and cannot be recorded is not sent again by itself', async () => {
  const payload = await messageBy('webhook');
  web.answer(200);
  const held = withMonitoringLock(folder.home, async () => {
    const sending = bench.run(sendAlertProcessor, payload, NOW);
    await expect(sending).rejects.toThrow('left through webhook, and that could not be recorded');
    await expect(sending).rejects.toBeInstanceOf(UnrecoverableError);
  });
  await held;
  expect(web.posted).toHaveLength(1);
});

test('the message carries the figures and the text of the alert', async () => {
  await bench.run(sendAlertProcessor, await messageBy('webhook'), NOW);
  const { body } = web.posted.at(-1) as { body: string };
  const message = JSON.parse(body);
  expect(message).toMatchObject({
    type: 'drift-alert',
    id: expect.stringMatching(`^${ALERT}-[0-9a-f]{8}$`),
    figures: { id: ALERT, cutoff: '2025-01-01', model_id: MODEL, status: 'alert', request_id: null },
    summary: expect.stringContaining('No retrain has been triggered'),
  });
  expect(message.text).toBe(await readFile(`${folder.home.outputs}/${ALERT}.md`, 'utf8'));
});

test('no secret is in the log, whether a message left or not', async () => {
  for (const channel of ['slack', 'webhook'] as const) {
    const payload = await messageBy(channel);
    web.answer(503);
    await expect(bench.run(sendAlertProcessor, payload, NOW)).rejects.toThrow('answered 503');
    web.answer(200);
    await bench.run(sendAlertProcessor, payload, NOW);
  }
  expect(web.posted).toHaveLength(4);
  expect(bench.log).not.toEqual([]);
  expect(JSON.stringify(bench.log)).not.toContain(SECRET);
});

test('an alert of a window that was measured anew since is not sent in its old form', async () => {
  await bench.run(monitorDriftProcessor, WINDOW, NOW);
  const old = { alertId: ALERT, channel: 'slack', actualSha256: 'another' };
  expect(await bench.run(sendAlertProcessor, old, NOW)).toEqual({
    skipped: 'the window was measured anew since',
  });
  const gone = { ...old, alertId: 'drift_alert_clv_predictions_actual_20240101_pred1m' };
  expect(await bench.run(sendAlertProcessor, gone, NOW)).toEqual({
    skipped: 'the window was measured anew since',
  });
  expect(web.posted).toEqual([]);
});

describe('after Redis forgot the messages that waited', () => {
  /** What reconcile queues again, with the clock at `nowMs`. */
  async function unsent(nowMs: number): Promise<string[]> {
    const context = {
      home: folder.home,
      queues,
      clock: { now: () => nowMs },
      log: pino({ level: 'silent' }),
    };
    const repairs = await reconcile(context, { isDryRun: false });
    return repairs.filter(({ kind }) => kind === 'alert-unsent').map(({ values }) => String(values.channel));
  }
  const SOON = Date.UTC(2025, 1, 2);

  beforeEach(async () => {
    await bench.run(sendAlertProcessor, await messageBy('webhook'), NOW);
    await queues.redis.flushall();
  });

  test('reconcile queues what has not left, and only that, once', async () => {
    const [{ deliveries }] = await listAlerts(folder.home);
    expect(deliveries.map(({ channel }) => channel)).toEqual(['webhook']);
    expect(await unsent(SOON)).toEqual(['slack']);
    expect((await payloads()).map(({ channel }) => channel)).toContain('slack');
    expect(await unsent(SOON)).toEqual([]);
  });

  test('what ended 30 days ago is still sent, and what ended longer ago is not', async () => {
    expect(await unsent(Date.UTC(2025, 2, 4))).toEqual([]);
    expect(await unsent(Date.UTC(2025, 2, 3))).toEqual(['slack']);
  });

  test('what was skipped while its channel was out of the config is sent once it is back', async () => {
    const slack = 'slack: { url_env: CLV_TEST_CHAT_URL }';
    await unsent(SOON);
    await folder.configure(slack, 'slack: null');
    const worker = new Worker('maintenance', null, {
      connection: { url: redis.url, maxRetriesPerRequest: null },
      prefix: queues.prefix,
      settings: { repeatStrategy },
    });
    const job = await worker.getNextJob('test', { block: false });
    await job?.moveToCompleted(await bench.run(sendAlertProcessor, job.data, NOW), 'test', false);
    await worker.close();
    expect(job?.returnvalue).toEqual({ skipped: 'the channel was taken out of the config' });
    expect(await unsent(SOON)).toEqual([]);
    await folder.configure('slack: null', slack);
    expect(await unsent(SOON)).toEqual(['slack']);
    expect((await payloads()).map(({ channel }) => channel)).toContain('slack');
    expect(await unsent(SOON)).toEqual([]);
  });

  test('what is taken care of is left alone', async () => {
    await acknowledgeAlert(folder.home, ALERT, { by: 'Ada', note: 'seen on the board', nowMs: NOW });
    expect(await unsent(SOON)).toEqual([]);
  });
});
