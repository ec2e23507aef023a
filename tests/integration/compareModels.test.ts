import { execFile } from 'node:child_process';
import { readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followJobs } from '../../src/cli/followJobs.ts';
import { forestPath, readCard, writeCard } from '../../src/registry/modelCard.ts';
import { NOON, startTestServer, type TestServer } from '../apiServer.ts';
import { runClv } from '../runClv.ts';
import { type Bench, openBench } from '../runOnQueues.ts';
import { writeTestOrders } from '../testShop.ts';

const LONG = 'clv_model_20260101_100000';
const SHORT = 'clv_model_20260101_100001';
const OLD = 'clv_model_20260101_100002';
const QUARTER = 'clv_model_20260101_100003';

let server: TestServer;
let bench: Bench;

beforeAll(async () => {
  server = await startTestServer();
  await writeTestOrders(server.folder, { customers: 700, trees: 10, engine: 'forest' });
  bench = await openBench(server.folder.home, server.redis.url);
  await bench.startWorkers();
  await bench.train(LONG, { signOff: null });
  await bench.train(OLD, { signOff: null, cutoff: '2024-12-15' });
  // One is a tournament, which is fitted again in another way; that takes three times as long.
  await server.folder.configure('engine: forest', 'engine: tournament');
  await bench.train(SHORT, { signOff: null, historyMonths: 6 });
  // A model that is not measured is its card.
  const { metrics, ...card } = await readCard(server.folder.home, LONG);
  const out_of_time = { ...metrics.out_of_time, measured_cutoff: '2025-10-01' };
  const quarter = { ...card, metrics: { ...metrics, out_of_time }, model_id: QUARTER, pred_months: 3 };
  await writeCard(server.folder.home, quarter);
});
afterAll(async () => {
  await bench?.close();
  await server?.close();
});

const ask = (id: string, other: string, method = 'GET') =>
  server.ask(`/api/models/${id}/compare/${other}`, { method });
const folder = () => `${server.folder.home.outputs}/comparisons`;

/** Has a comparison made and asks for it, as a client would that follows the job. */
async function compare(id: string, other: string) {
  let jobId = '';
  await followJobs(
    bench.queues,
    'model-build',
    [],
    async () => {
      const reply = await ask(id, other, 'POST');
      expect([reply.status, reply.headers.location]).toEqual([202, reply.json.job.url]);
      jobId = reply.json.job.id;
      return jobId;
    },
    () => undefined,
  );
  expect((await server.ask(`/api/jobs/${jobId}`)).json).toMatchObject({
    outcome: 'succeeded',
    result: { conclusion: expect.stringContaining('on RMSE') },
  });
  const reply = await ask(id, other);
  expect(reply.status).toBe(200);
  return reply.json;
}

let made: ReturnType<typeof compare> | undefined;
/** The comparison of LONG with SHORT, as whoever asks first has it made. */
const longWithShort = () => {
  made ??= compare(LONG, SHORT);
  return made;
};

describe('a comparison', () => {
  test('of models that were trained on the newest months measures their recipes, fitted before them', async () => {
    const record = await longWithShort();
    const { measured } = record;
    expect(measured.window).toEqual({ start: '2025-07-01', end: '2026-01-01' });
    for (const model of measured.models)
      expect(model).toMatchObject({ by: 'refit', fit_cutoff: '2025-01-01', labels_end: '2025-07-01' });
    // Everybody in the shorter history is measured: for that model this is the very baseline of its card.
    const { fit_cutoff, measured_cutoff, has_full_history, rmse_of_mean, ...baseline } = (
      await readCard(server.folder.home, SHORT)
    ).metrics.out_of_time;
    expect(measured.models[1].metrics).toEqual(baseline);
    expect(measured.customers).toBe(baseline.customers);
    expect(measured.left_out).toBeGreaterThan(0);
    expect(record.notes.join('\n')).toMatch(/its recipe is measured, fitted at 2025-01-01/);
    const { difference } = measured;
    expect(difference.rmse).toBeCloseTo(measured.models[0].metrics.rmse - measured.models[1].metrics.rmse, 9);
    expect(difference.interval[0]).toBeLessThanOrEqual(difference.rmse);
    expect(difference.interval[1]).toBeGreaterThanOrEqual(difference.rmse);
    expect(record.models.map((it: { model_id: string }) => it.model_id)).toEqual([LONG, SHORT]);
    expect(record.models[0].importances).toHaveLength(10);
    const files = await readdir(folder());
    expect(files.filter((file) => file.startsWith(`${LONG}_vs_${SHORT}`))).toEqual([
      `${LONG}_vs_${SHORT}_20250701_pred6m.json`,
    ]);
  });

  test('measures a model itself that saw none of the months', async () => {
    const { measured } = await compare(LONG, OLD);
    expect(measured.models.map((it: { by: string }) => it.by)).toEqual(['refit', 'binary']);
    expect(measured.models[1]).toMatchObject({ fit_cutoff: '2024-12-15', labels_end: '2025-06-15' });
    expect(measured.left_out).toBe(0);
  });

  test('of models that predict different numbers of months is by their cards alone', async () => {
    const { status, json } = await ask(LONG, QUARTER);
    expect([status, json.measured]).toEqual([200, null]);
    expect(json.conclusion).toMatch(/predicts 6 months and .* 3: they answer different questions/);
    expect(json.models[1].metrics.out_of_time.measured_cutoff).toBe('2025-10-01');
  });

  test('is made once for the same orders, and anew for others', async () => {
    const { home } = server.folder;
    const before = await longWithShort();
    const orders = `${home.root}/orders.csv`;
    const text = await readFile(orders, 'utf8');
    // Written again, the file is another one, and the orders in it are the same.
    await writeFile(orders, text);
    expect(await compare(LONG, SHORT)).toEqual({ ...before, orders_signature: expect.any(String) });
    const last = text.trimEnd().lastIndexOf('\n');
    await writeFile(orders, `${text.slice(0, last)}\n`);
    const after = await compare(LONG, SHORT);
    expect(after.measured.orders.orders).toBe(before.measured.orders.orders - 1);
    await writeFile(orders, text);
  });

  test('that is asked for by many at one moment is one job', async () => {
    const queue = bench.queues.byName['model-build'];
    await queue.pause();
    const replies = await Promise.all([1, 2, 3, 4].map(() => ask(SHORT, OLD, 'POST')));
    expect(replies.map((it) => it.status)).toEqual([202, 202, 202, 202]);
    const ids = new Set(replies.map((it) => it.json.job.id));
    expect(ids.size).toBe(1);
    // Whoever asks meanwhile is sent to the job.
    const meanwhile = await ask(SHORT, OLD);
    expect([meanwhile.status, meanwhile.json.job.id]).toEqual([202, [...ids][0]]);
    await queue.resume();
    await expect
      .poll(async () => (await ask(SHORT, OLD)).status, { timeout: 300_000, interval: 50 })
      .toBe(200);
  });

  test('that nobody had made is 404 with the remedy, and asking for it starts nothing', async () => {
    // In whatever state: a comparison that another test asked for may end meanwhile.
    const jobs = async () =>
      Object.values(await bench.queues.byName['model-build'].getJobCounts()).reduce(
        (all, count) => all + count,
        0,
      );
    const before = await jobs();
    const { status, json } = await ask(SHORT, LONG);
    expect([status, json.error.code, json.error.remedy]).toEqual([
      404,
      'COMPARISON_UNKNOWN',
      `Have it made: POST /api/models/${SHORT}/compare/${LONG}`,
    ]);
    expect(await jobs()).toEqual(before);
  });

  test('that failed says why when it is asked for, and is made by the next POST', async () => {
    const { home } = server.folder;
    const binary = forestPath(home, OLD);
    await rename(binary, `${binary}.away`);
    const { json } = await ask(OLD, SHORT, 'POST');
    const job = () => server.ask(json.job.url);
    await expect
      .poll(async () => (await job()).json.outcome, { timeout: 60_000, interval: 50 })
      .toBe('failed');
    const failed = await ask(OLD, SHORT);
    expect([failed.status, failed.json.error.message]).toEqual([
      404,
      expect.stringContaining(`failed: models/${basename(binary)} is missing.`),
    ]);
    await rename(`${binary}.away`, binary);
    expect((await ask(OLD, SHORT, 'POST')).status).toBe(202);
    await expect
      .poll(async () => (await ask(OLD, SHORT)).status, { timeout: 300_000, interval: 50 })
      .toBe(200);
    expect((await ask(OLD, SHORT, 'POST')).status).toBe(200);
  });

  test.each([
    ['an unknown model', 'clv_model_20200101_000000', 404, 'MODEL_UNKNOWN'],
    ['a path', '..%2F..%2Fconfig', 404, 'MODEL_UNKNOWN'],
    ['itself', LONG, 400, 'SAME_MODEL'],
  ])('with %s is refused', async (_what, other, status, code) => {
    const reply = await ask(LONG, other);
    expect([reply.status, reply.json.error.code]).toEqual([status, code]);
  });
});

test('clv compare prints two columns and one sentence of conclusion', async () => {
  const env = { ...process.env, REDIS_URL: server.redis.url, CLV_HOME: server.folder.home.root };
  const clv = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/src/cli/main.js', 'compare', ...args], { env });
  const { stdout } = await clv(OLD, LONG);
  expect(stdout).toMatch(new RegExp(`^ +${OLD} +${LONG}$`, 'm'));
  expect(stdout).toMatch(/^Windows +12 months of history, 6 ahead +12 months of history, 6 ahead$/m);
  expect(stdout).toMatch(/^Measured +the model itself +its recipe, fitted at 2025-01-01$/m);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
    /^clv_model_\d{8}_\d{6} is (better than|ahead of) .* on RMSE; this (is beyond|may be) chance\.$/,
  );
  expect(JSON.parse((await clv(OLD, LONG, '--json')).stdout).measured.winner).toMatch(/first|second|chance/);
});

test('clv compare shows what workers made that see the home under another path', async () => {
  const { root } = server.folder.home;
  const link = `${root}-elsewhere`;
  await symlink(root, link);
  try {
    await utimes(`${root}/orders.csv`, new Date(), new Date());
    const { code, stdout } = await runClv({ redisUrl: server.redis.url, home: link }, ['compare', OLD, LONG]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/on RMSE; this (is beyond|may be) chance\.$/m);
    // Who asks under the first path finds the same comparison.
    expect((await ask(OLD, LONG)).status).toBe(200);
  } finally {
    await rm(link);
  }
});

test('GET /api/eligibility says in plain words what there is and what is needed', async () => {
  const now = await server.ask('/api/eligibility');
  expect(now.json).toMatchObject({ eligible: true, windows: { history_months: 12, pred_months: 6 } });
  expect(now.json.findings.map((it: { name: string }) => it.name)).toEqual([
    'customers',
    'history',
    'recency',
    'repeat_buyers',
    'revenue',
  ]);
  server.setTime(Date.UTC(2026, 2, 1, 12));
  const later = await server.ask('/api/eligibility');
  server.setTime(NOON);
  expect(later.json.eligible).toBe(false);
  expect(later.json.findings[2]).toEqual({
    name: 'recency',
    is_met: false,
    says: 'the last order is 60 days old (2025-12-31), 30 is the most',
  });
});
