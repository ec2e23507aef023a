import { mkdir, readFile, writeFile } from 'node:fs/promises';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countDuration, DURATION_BOUNDS } from '../../queues/jobDurations.ts';
import { retention } from '../../queues/maintenance.ts';
import { mergeActuals } from '../../queues/maturity.ts';
import { readThreadUse, tellThreadUse } from '../../queues/threadUse.ts';
import { appendDriftResult } from '../../src/alerts/driftHistory.ts';
import { startWorkers } from '../../workers/host.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';
import { type ParsedMetric, parseExposition } from '../exposition.ts';

let server: TestServer;
const open = async (options = {}) => {
  server = await startTestServer(options);
};
beforeEach(() => open());
afterEach(() => server?.close());

async function scrape(): Promise<ParsedMetric[]> {
  const reply = await server.ask('/metrics');
  expect(reply.status).toBe(200);
  return parseExposition(reply.text);
}
/** The one value of a metric that has these labels; undefined where there is none. */
async function metricOf(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const samples = (await scrape()).flatMap((metric) => metric.samples).filter((it) => it.name === name);
  return samples.find((it) => Object.entries(labels).every(([key, value]) => it.labels[key] === value))
    ?.value;
}

test('is sent as the text format that Prometheus names', async () => {
  const { headers } = await server.ask('/metrics');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
});

test('needs the key, as every other address does', async () => {
  await server.close();
  await open({ apiKey: 'a long random text' });
  expect((await server.ask('/metrics')).status).toBe(401);
  const headers = { Authorization: 'Bearer a long random text' };
  expect((await server.ask('/metrics', { headers })).status).toBe(200);
});

describe('of jobs', () => {
  test('counts each state of each queue, and says how late the oldest alarm is', async () => {
    const queue = server.queues.byName[mergeActuals.queue];
    const payload = { cutoff: '2025-07-01', predMonths: 6 };
    const dueMs = Date.now() + 3_600_000;
    await queue.add(mergeActuals.name, payload, { jobId: 'late', delay: 3_600_000 });
    await queue.add(mergeActuals.name, payload, { jobId: 'later', delay: 7_200_000 });
    server.setTime(dueMs - 60_000);
    expect(await metricOf('clv_jobs', { queue: 'maturity', state: 'delayed' })).toBe(2);
    expect(await metricOf('clv_overdue_seconds', { queue: 'maturity' })).toBe(0);
    server.setTime(dueMs + 600_000);
    const late = (await metricOf('clv_overdue_seconds', { queue: 'maturity' })) as number;
    // The job was queued a moment after the due instant was computed here.
    expect(late).toBeGreaterThan(590);
    expect(late).toBeLessThanOrEqual(600);
    expect(await metricOf('clv_overdue_seconds', { queue: 'scoring' })).toBe(0);
  });

  test('tells which queues are paused', async () => {
    await server.queues.byName.scoring.pause();
    expect(await metricOf('clv_queue_paused', { queue: 'scoring' })).toBe(1);
    expect(await metricOf('clv_queue_paused', { queue: 'maturity' })).toBe(0);
    await server.queues.byName.scoring.resume();
    expect(await metricOf('clv_queue_paused', { queue: 'scoring' })).toBe(0);
  });

  test('shows how long attempts took as a histogram that adds up', async () => {
    const attempts = { queue: 'scoring', job: 'score-customers', outcome: 'completed' } as const;
    for (const seconds of [0.05, 0.1, 2, 100_000]) await countDuration(server.queues, attempts, seconds);
    const found = (await scrape()).find(({ name }) => name === 'clv_job_duration_seconds');
    expect(found?.type).toBe('histogram');
    const buckets = found?.samples.filter(({ name }) => name.endsWith('_bucket')) ?? [];
    expect(buckets.map(({ labels }) => labels.le)).toEqual([...DURATION_BOUNDS.map(String), '+Inf']);
    expect(buckets.map(({ value }) => value)).toEqual([2, 2, 2, 3, 3, 3, 3, 3, 3, 4]);
    expect(await metricOf('clv_job_duration_seconds_count', attempts)).toBe(4);
    expect(await metricOf('clv_job_duration_seconds_sum', attempts)).toBeCloseTo(100_002.15, 6);
  });

  test('are counted by the workers, also where they fail, but not under names that anybody made up', async () => {
    const host = await startWorkers({
      home: server.folder.home,
      redisUrl: server.redis.url,
      clock: { now: () => Date.UTC(2026, 0, 1, 12) },
      log: pino({ level: 'silent' }),
      threads: 2,
    });
    expect(await readThreadUse(server.queues)).toEqual({ threads: 2, busy: 0 });
    const queue = server.queues.byName[retention.queue];
    await queue.add('made-up', {}, { jobId: 'a' });
    await queue.add(retention.name, { dryRun: 'perhaps' }, { jobId: 'b' });
    await queue.add(retention.name, { dryRun: true }, { jobId: 'c' });
    const count = (outcome: string) =>
      metricOf('clv_job_duration_seconds_count', { job: retention.name, outcome });
    while ((await count('completed')) !== 1 || (await count('failed')) !== 1);
    await host.close();
    expect(await readThreadUse(server.queues)).toEqual({ threads: 0, busy: 0 });
    const jobs = (await scrape()).find(({ name }) => name === 'clv_job_duration_seconds')?.samples ?? [];
    expect(new Set(jobs.map(({ labels }) => labels.job))).toEqual(new Set([retention.name]));
  });
});

test('adds up the threads of all processes, and leaves out those that went silent', async () => {
  await tellThreadUse(server.queues, 'one', { threads: 2, busy: 1 });
  await tellThreadUse(server.queues, 'two', { threads: 4, busy: 4 });
  const key = `${server.queues.prefix}:metrics:threads`;
  const dead = JSON.stringify({ threads: 8, busy: 8, at: Date.now() - 60_000 });
  await server.queues.redis.hset(key, 'gone', dead);
  expect(await metricOf('clv_threads')).toBe(6);
  expect(await metricOf('clv_threads_busy')).toBe(5);
  expect(await server.queues.redis.hkeys(key)).toHaveLength(2);
});

describe('of files', () => {
  test('tells of the last complete run, of drift and of the next slot', async () => {
    const { home } = server.folder;
    await mkdir(home.runReports, { recursive: true });
    const report = {
      cutoff: '2025-12-01',
      model_id: 'clv_model_20260101_110000',
      customers: 1234,
      predicted_revenue: 5678.9,
      orders: { rowsRead: 9000, rejectedRows: 7 },
      population_stability: {
        is_available: true,
        variables: [
          { variable: 'revenue_sum', psi: 0.05 },
          { variable: 'recency_days', psi: 0.31 },
          { variable: 'predicted_clv', psi: 0.12 },
        ],
      },
    };
    await writeFile(`${home.runReports}/clv_run_20251201_pred6m.json`, JSON.stringify(report));
    await server.folder.configure('launch_date: null', 'launch_date: 2026-01-05');
    server.setTime(Date.UTC(2026, 0, 6));
    expect(await metricOf('clv_last_run_customers')).toBe(1234);
    expect(await metricOf('clv_last_run_rejected_rows')).toBe(7);
    expect(await metricOf('clv_last_run_cutoff_timestamp_seconds')).toBe(Date.UTC(2025, 11, 1) / 1000);
    expect(await metricOf('clv_last_run_timestamp_seconds')).toBeGreaterThan(0);
    expect(await metricOf('clv_psi_max', { of: 'features' })).toBe(0.31);
    expect(await metricOf('clv_psi_max', { of: 'predictions' })).toBe(0.12);
    expect(await metricOf('clv_next_slot_timestamp_seconds')).toBe(Date.UTC(2026, 0, 19, 6) / 1000);
    expect(await metricOf('clv_config_valid')).toBe(1);
  });

  test('does without the last run where its report was edited into an impossible date', async () => {
    const { home } = server.folder;
    await mkdir(home.runReports, { recursive: true });
    const report = {
      cutoff: '2025-13-01',
      model_id: 'clv_model_20260101_110000',
      customers: 1234,
      predicted_revenue: 5678.9,
      orders: { rowsRead: 9000, rejectedRows: 7 },
    };
    await writeFile(`${home.runReports}/clv_run_20251201_pred6m.json`, JSON.stringify(report));
    expect(await metricOf('clv_last_run_customers')).toBeUndefined();
    expect(await metricOf('clv_config_valid')).toBe(1);
  });

  test('tells of the window of each model that matured last', async () => {
    const metrics = { customers: 10, rmse: 60, mae: 1, bias: 0, r2: 0.2, spearman: 0, normalizedGini: 0 };
    const record = (
      modelId: string,
      cutoff: string,
      windowEnd: string,
      rmseRise: number,
      reasons: 'rmse'[],
    ) =>
      appendDriftResult(server.folder.home, {
        cutoff,
        predMonths: 6,
        windowEnd,
        modelId,
        metrics: { ...metrics, meanActual: 1, meanPredicted: 1 },
        baseline: { rmse: 50, r2: 0.4 },
        thresholds: { rmse: 0.2, r2: 0.15 },
        comparison: { rmseRise, r2Drop: 0.1, r2Basis: 'relative', reasons },
        newCustomers: { customers: 0, revenue: 0 },
        actualSha256: cutoff,
      });
    await record('clv_model_20250101_000000', '2025-03-01', '2025-09-01', 0.5, ['rmse']);
    await record('clv_model_20250101_000000', '2025-02-01', '2025-08-01', 0.1, []);
    await record('clv_model_20250601_000000', '2025-06-01', '2025-12-01', -0.2, []);
    for (const [model_id, rise, alert] of [
      ['clv_model_20250101_000000', 0.5, 1],
      ['clv_model_20250601_000000', -0.2, 0],
    ] as const) {
      expect(await metricOf('clv_drift_rmse_rise', { model_id })).toBe(rise);
      expect(await metricOf('clv_drift_r2_drop', { model_id })).toBe(0.1);
      expect(await metricOf('clv_drift_alert', { model_id })).toBe(alert);
    }
  });

  test('tells only what is known in a home that is new, and that a config is spoilt', async () => {
    const names = (await scrape()).map(({ name }) => name);
    expect(names).not.toContain('clv_last_run_timestamp_seconds');
    expect(names).not.toContain('clv_next_slot_timestamp_seconds');
    await writeFile(server.folder.home.configFile, 'nonsense: 1\n');
    expect(await metricOf('clv_config_valid')).toBe(0);
  });
});

test('answers without Redis, and says so', async () => {
  expect(await metricOf('clv_redis_up')).toBe(1);
  await server.crashRedis();
  while ((await metricOf('clv_redis_up')) !== 0);
  expect(await metricOf('clv_config_valid')).toBe(1);
});

test('every metric is explained in docs/metrics.md', async () => {
  const docs = await readFile('docs/metrics.md', 'utf8');
  const sources = await Promise.all(
    [
      'src/api/metrics/queueMetrics.ts',
      'src/api/metrics/fileMetrics.ts',
      'src/api/routes/showMetrics.ts',
    ].map((path) => readFile(path, 'utf8')),
  );
  const names = new Set(sources.join('\n').match(/(?<=')clv_[a-z0-9_]+(?=')/g));
  expect(names.size).toBeGreaterThan(15);
  for (const name of names) expect(docs).toContain(`| \`${name}\``);
});
