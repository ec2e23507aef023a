import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deployTestChampion, startTestServer, type TestServer, workOnce } from '../apiServer.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await deployTestChampion(server.folder.home);
});
afterAll(() => server?.close());
beforeEach(async () => {
  for (const queue of Object.values(server.queues.byName)) await queue.obliterate({ force: true });
});

const ROOT = 'bump-cutoff-20251201-pred6m';
const startRun = (cutoff = '2025-12-01') =>
  server.ask('/api/score-runs', { method: 'POST', body: { cutoff } });
const show = async (id: string) => (await server.ask(`/api/jobs/${id}`)).json;

describe('GET /api/jobs/:id', () => {
  test('shows a job that waits', async () => {
    const queue = server.queues.byName['model-build'];
    await queue.add('train-champion', {}, { jobId: 'train-champion-x', attempts: 2 });
    const job = await show('train-champion-x');
    expect(job).toEqual({
      id: 'train-champion-x',
      url: '/api/jobs/train-champion-x',
      name: 'train-champion',
      queue: 'model-build',
      state: 'waiting',
      outcome: 'pending',
      progress: { percent: 0, doing: '' },
      attempts: { made: 0, allowed: 2 },
      result: null,
      failure: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      started_at: null,
      finished_at: null,
    });
  });

  test('shows what a job that runs is doing', async () => {
    await startRun();
    let seen: Record<string, unknown> = {};
    await workOnce(server, async (job) => {
      await job.updateProgress({ percent: 40, doing: 'predicting' });
      seen = await show('score-customers-20251201-pred6m');
    });
    expect(seen).toMatchObject({
      state: 'active',
      outcome: 'pending',
      progress: { percent: 40, doing: 'predicting' },
      finished_at: null,
    });
    expect(seen.started_at).not.toBeNull();
  });

  test('shows the result of a job that is complete', async () => {
    await startRun();
    await workOnce(server, () => ({ customers: 7 }));
    const job = await show('score-customers-20251201-pred6m');
    expect(job).toMatchObject({
      state: 'completed',
      outcome: 'succeeded',
      progress: { percent: 100 },
      result: { customers: 7 },
      failure: null,
    });
    expect(Date.parse(job.finished_at)).toBeGreaterThanOrEqual(Date.parse(job.started_at));
  });

  test('shows the sentence of a failure, and never a stack trace', async () => {
    await startRun();
    await workOnce(server, () => {
      throw new UnrecoverableError(
        'orders.csv is empty.\nExport it again.\n    at read (/srv/clv/read.js:1:1)',
      );
    });
    const reply = await server.ask('/api/jobs/score-customers-20251201-pred6m');
    expect(reply.json).toMatchObject({
      state: 'failed',
      outcome: 'failed',
      failure: 'orders.csv is empty.\nExport it again.',
      result: null,
      attempts: { made: 1, allowed: 3 },
    });
    expect(reply.text).not.toMatch(/\bat .*:\d+:\d+|stack/);
  });

  test('says why the last attempt of a job failed that waits for its next', async () => {
    await startRun();
    await workOnce(server, () => {
      throw new Error('The disk is full.');
    });
    const job = await show('score-customers-20251201-pred6m');
    expect(job).toMatchObject({ state: 'delayed', outcome: 'pending', failure: 'The disk is full.' });
    expect(job).not.toHaveProperty('waits_until');
  });

  test('says until when a run waits whose cutoff lies ahead', async () => {
    await startRun('2026-05-01');
    const { waits_until } = await show('score-customers-20260501-pred6m');
    const job = await server.queues.findJob('score-customers-20260501-pred6m');
    expect(Date.parse(waits_until)).toBe(job!.timestamp + job!.delay);
  });

  test('shows all steps of a run, in their order, with the job that stands for it', async () => {
    await startRun();
    await workOnce(server, () => null);
    await workOnce(server, (job) => job.updateProgress({ percent: 5, doing: 'ranking' }));
    const run = await show(ROOT);
    expect(run).toMatchObject({ id: ROOT, state: 'waiting-children', outcome: 'pending' });
    expect(run.steps.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
      ['score-customers', 'completed'],
      ['rank-customers', 'completed'],
      ['cluster-customers', 'waiting'],
      ['rank-clusters', 'waiting-children'],
      ['bump-cutoff', 'waiting-children'],
    ]);
    expect(run.steps[0]).toEqual({
      id: 'score-customers-20251201-pred6m',
      url: '/api/jobs/score-customers-20251201-pred6m',
      name: 'score-customers',
      state: 'completed',
      outcome: 'succeeded',
      progress: { percent: 100, doing: '' },
      failure: null,
    });
  });

  test('calls a run failed as soon as a step has failed, and says why', async () => {
    await startRun();
    await workOnce(server, () => {
      throw new UnrecoverableError('orders.csv is empty.');
    });
    expect(await show(ROOT)).toMatchObject({
      state: 'waiting-children',
      outcome: 'failed',
      failure: 'orders.csv is empty.',
    });
  });

  test('calls a run succeeded when its last step is complete', async () => {
    await startRun();
    for (let step = 0; step < 5; step++) await workOnce(server, () => ({ step }));
    const run = await show(ROOT);
    expect(run).toMatchObject({ state: 'completed', outcome: 'succeeded', result: { step: 4 } });
  });

  // The last three are keys that a queue keeps beside its jobs.
  test.each(['no-such-job', 'wait', 'meta', 'events'])('answers 404 for %s', async (id) => {
    await startRun();
    const reply = await server.ask(`/api/jobs/${id}`);
    expect(reply.status).toBe(404);
    expect(reply.json.error).toMatchObject({ code: 'JOB_UNKNOWN', message: `There is no job ${id}.` });
  });
});
