import { readFile } from 'node:fs/promises';
import { QueueEvents } from 'bullmq';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { auditRegistry } from '../../src/registry/audit.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { startWorkers, type WorkerHost } from '../../workers/host.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';

let server: TestServer;
let host: WorkerHost;
let events: QueueEvents;
/** What the jobs of the queue told of their progress, in order. */
let told: { jobId: string; data: Record<string, unknown> }[];

beforeEach(async () => {
  told = [];
  server = await startTestServer();
  const { folder, redis, queues } = server;
  const out = `${folder.home.root}/orders.csv`;
  await writeSampleShop({ out, end: '2026-01-01', customers: 800, months: 30 });
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('trees: 200', 'trees: 10');
  await folder.configure('distinct_approvers: false', 'distinct_approvers: true');
  events = new QueueEvents('model-build', { connection: { url: redis.url }, prefix: queues.prefix });
  events.on('progress', ({ jobId, data }) => told.push({ jobId, data: data as Record<string, unknown> }));
  await events.waitUntilReady();
  host = await startWorkers({
    home: folder.home,
    redisUrl: redis.url,
    clock: TEST_CLOCK,
    log: pino({ level: 'silent' }),
    threads: 2,
  });
});
afterEach(async () => {
  await host?.close();
  await events?.close();
  await server?.close();
});

const post = (path: string, body: object) => server.ask(path, { method: 'POST', body });
const get = async (path: string) => (await server.ask(path)).json;
/** As long as a test may take: a limit is there to end what hangs. */
const patiently = { timeout: 300_000, interval: 50 };

/** Asks for a search until it neither waits nor runs; gives it as it is then. */
async function finished(url: string) {
  await expect.poll(async () => (await get(url)).state, patiently).not.toMatch(/waiting|running/);
  return get(url);
}

/** Asks for a job until it has an outcome. */
async function outcomeOf(url: string) {
  await expect.poll(async () => (await get(url)).outcome, patiently).not.toBe('pending');
  return get(url);
}

test('from orders to a champion that scores, with nothing but the API, and the record of the search is shown while Redis is away', async () => {
  expect(await get('/api/grid-searches')).toEqual({ searches: [] });
  expect((await post('/api/score-runs', { cutoff: '2026-01-01' })).json.error.code).toBe('CHAMPION_MISSING');

  const asked = await post('/api/grid-searches', {
    history_months: [6, 12],
    pred_months: [3, 12],
    hyper_parameters: { min_samples_leaf: [5, 25] },
    requested_by: 'Ada',
  });
  expect(asked.status).toBe(202);
  const { id, url } = asked.json.search;
  const search = await finished(url);
  expect(search).toMatchObject({ state: 'proposed', requested_by: 'Ada', window: { pred_months: 3 } });
  expect(Object.keys(search.files)).toEqual(['results', 'rmse_map', 'r2_map']);
  for (const file of Object.values<string>(search.files)) expect((await server.ask(file)).status).toBe(200);

  const figures = told.filter(({ jobId, data }) => jobId === `grid-search-${id}` && 'folds' in data);
  // When the last of four cells begins, on two threads, the first pair of windows with folds is done.
  expect(Math.max(...figures.map(({ data }) => Number(data.folds_done)))).toBeGreaterThanOrEqual(4);
  // The pairs of 12 months ahead have no folds in 30 months of orders.
  for (const { data } of figures) expect(data).toMatchObject({ cells: 4, folds: 8 });

  // What waits for a person outlives Redis.
  await server.queues.redis.flushall();
  expect((await get('/api/grid-searches')).searches).toMatchObject([{ id, state: 'proposed' }]);

  const other = { history_months: 18 - search.window.history_months, pred_months: 3 };
  const approval = await post(`${url}/approval`, {
    decision: 'approve',
    window: other,
    approver: 'Ada',
    note: 'the shop changed last year',
    ticket: 'T-1',
  });
  expect([approval.status, approval.json.decision.window]).toEqual([202, other]);
  expect((await loadConfig(server.folder.home)).modeling).toMatchObject(other);

  const training = await outcomeOf(approval.json.job.url);
  expect([training.outcome, training.failure]).toEqual(['succeeded', null]);
  const modelId = training.result.model_id;
  expect(modelId).toBe(approval.json.model_id);
  const { status, card } = await get(`/api/models/${modelId}`);
  const chosen = search.proposal.combinations
    .filter(
      (it: Record<string, unknown>) =>
        it.history_months === other.history_months && it.pred_months === other.pred_months,
    )
    .sort((a: { rank: number }, b: { rank: number }) => a.rank - b.rank)[0];
  expect(status).toBe('candidate');
  expect(card).toMatchObject({
    ...other,
    search: { id, metrics: chosen.metrics },
    hyper_parameters: { minSamplesLeaf: chosen.hyper_parameters.min_samples_leaf, trees: 10 },
  });

  const sign = (approver: string) =>
    post(`/api/models/${modelId}/approval`, { decision: 'approve', approver, note: 'better than nothing' });
  const refused = await sign('ada');
  expect([refused.status, refused.json.error.code]).toEqual([403, 'DUTIES_NOT_SEPARATE']);
  const signed = await sign('Bob');
  expect([signed.status, signed.json.champion]).toEqual([200, modelId]);

  const run = await post('/api/score-runs', { cutoff: '2026-01-01' });
  expect([run.status, run.json.model_id]).toEqual([202, modelId]);
  expect((await outcomeOf(run.json.job.url)).outcome).toBe('succeeded');
  const predictions = await readFile(
    `${server.folder.home.outputs}/clv_predictions_20260101_pred3m.csv`,
    'utf8',
  );
  expect(predictions.split('\n').length).toBeGreaterThan(250);
  expect((await auditRegistry(server.folder.home)).filter((line) => line.state === 'wrong')).toEqual([]);

  await host.close();
  await events.close();
  await server.redis.stop();
  expect((await server.ask('/api/grid-searches')).status).toBe(503);
  expect((await server.ask(url)).json).toMatchObject({ state: 'approved', decision: { approver: 'Ada' } });
});

test('what only the orders tell fails the search with a sentence', async () => {
  server.setTime(TEST_CLOCK.now() + 60_000);
  const short = await post('/api/grid-searches', { history_months: [60], pred_months: [12] });
  expect(await finished(short.json.search.url)).toMatchObject({
    state: 'failed',
    failure: expect.stringMatching(/the orders span .* days, .* needed/),
  });
  server.setTime(TEST_CLOCK.now() + 120_000);
  const forced = await post('/api/grid-searches', {
    history_months: [60],
    pred_months: [12],
    override_eligibility: 'to see what happens',
  });
  expect(forced.status).toBe(202);
  const failed = await finished(forced.json.search.url);
  expect(failed).toMatchObject({
    state: 'failed',
    failure: expect.stringMatching(/No pair of windows can be evaluated .* no fold has a full history/),
  });
  expect((await server.ask(failed.files.results)).text).toContain('skipped');
  const decision = { decision: 'approve', approver: 'Ada', note: 'x' };
  expect((await post(`${failed.url}/approval`, decision)).status).toBe(404);
});
