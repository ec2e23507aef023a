import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { QUEUE_NAMES } from '../../queues/jobContract.ts';
import { schedulerFaults, wantedSchedulers } from '../../queues/schedulers.ts';
import { beginRun } from '../../queues/scoring.ts';
import { deployTestChampion, startTestServer, type TestServer, workOnce } from '../apiServer.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await deployTestChampion(server.folder.home);
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.queues.byName.scoring.obliterate({ force: true });
  await server.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2025-12-01' } });
});

const FIRST = 'score-customers-20251201-pred6m';
const change = (path: string, method = 'PUT', body: string | object = {}) =>
  server.ask(`/queues/api/queues/${path}`, { method, body });
const stateOf = async (id: string) => server.queues.byName.scoring.getJobState(id);
const fail = () =>
  workOnce(server, () => {
    throw new UnrecoverableError('No.');
  });

/** All that Redis holds, as it holds it. */
async function everyKey(): Promise<[string, string][]> {
  const { redis, prefix } = server.queues;
  const keys = (await redis.keys(`${prefix}:*`)).sort();
  return Promise.all(
    keys.map(async (key) => [key, (await redis.dumpBuffer(key))?.toString('hex') ?? ''] as [string, string]),
  );
}

describe('the board', () => {
  test('is at the end of the way from the root address', async () => {
    const reply = await server.ask('/');
    expect(reply.status).toBe(302);
    expect((await server.ask(reply.headers.location as string)).text).toContain('<title>CLV Horizon</title>');
  });

  test('serves what its page loads, which browsers may keep, unlike answers', async () => {
    const { text: page, headers } = await server.ask('/queues');
    expect(headers['cache-control']).toBe('no-store');
    const files = [...page.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const served = await server.ask(`/queues/${file}`);
      expect(served.status, file).toBe(200);
      expect(served.headers['cache-control'] ?? '', file).not.toContain('no-store');
    }
  });

  test('shows every queue', async () => {
    const { queues } = (await server.ask('/queues/api/queues')).json;
    expect(queues.map(({ name }: { name: string }) => name)).toEqual([...QUEUE_NAMES]);
  });

  test('shows the steps of a run as one flow', async () => {
    const { flowRoot } = (await server.ask(`/queues/api/queues/scoring/${FIRST}/flow`)).json;
    const names: string[] = [];
    for (let node = flowRoot; node; node = node.children[0]) names.push(node.name);
    expect(names).toEqual([
      'bump-cutoff',
      'rank-clusters',
      'cluster-customers',
      'rank-customers',
      'score-customers',
    ]);
  });

  test('retries a step that failed', async () => {
    await fail();
    expect((await change(`scoring/${FIRST}/retry`)).status).toBe(204);
    expect(await stateOf(FIRST)).toBe('waiting');
  });

  test('does not run a complete step again by itself, which the steps after it would not follow', async () => {
    await workOnce(server, () => null);
    const reply = await change(`scoring/${FIRST}/retry`);
    expect(reply.status).toBe(403);
    expect(reply.json.message).toMatch(/Start the run of the cutoff again/);
    expect(await stateOf(FIRST)).toBe('completed');
  });

  test('runs a complete job of another kind again', async () => {
    const { maintenance } = server.queues.byName;
    await maintenance.add('reconcile', {}, { jobId: 'once' });
    await workOnce(server, () => null, 'maintenance');
    expect((await change('maintenance/once/retry')).status).toBe(204);
    expect(await maintenance.getJobState('once')).toBe('waiting');
  });

  test('retries all failed jobs at once', async () => {
    await fail();
    const reply = await change('scoring/retry/failed');
    expect(reply.json).toEqual({ retried: 1, skipped: 0 });
    expect(await stateOf(FIRST)).toBe('waiting');
  });

  test('starts a single delayed job early', async () => {
    await server.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2026-05-01' } });
    expect((await change('scoring/score-customers-20260501-pred6m/promote')).status).toBe(204);
    expect(await stateOf('score-customers-20260501-pred6m')).toBe('waiting');
  });

  test('says that a job has moved on where somebody was faster', async () => {
    const reply = await change(`scoring/${FIRST}/promote`);
    expect([reply.status, reply.json.error.code]).toEqual([409, 'JOB_MOVED_ON']);
    expect(reply.json.message).toContain('nothing was changed');
    expect(await stateOf(FIRST)).toBe('waiting');
  });

  test('runs the calendar now, as a job without a slot, and leaves the schedule alone', async () => {
    const { queues } = server;
    const calendar = { launchDate: '2026-01-05', timezone: 'UTC', hour: 6 };
    for (const fault of await schedulerFaults(queues, wantedSchedulers(calendar, 'UTC'))) await fault.mend();
    const before = await queues.byName.scoring.getJobScheduler(beginRun.name);
    expect((await change(`scoring/job-schedulers/${beginRun.name}/run`)).status).toBe(200);
    const asked = (await queues.byName.scoring.getWaiting()).find((job) => job.name === beginRun.name);
    expect(asked?.repeatJobKey).toBeUndefined();
    expect(await queues.byName.scoring.getJobScheduler(beginRun.name)).toEqual(before);
  });

  test('pauses and resumes a queue, and all of them', async () => {
    const isPaused = () => server.queues.byName.scoring.isPaused();
    expect((await change('scoring/pause')).status).toBe(200);
    expect(await isPaused()).toBe(true);
    expect((await change('scoring/resume')).status).toBe(200);
    expect(await isPaused()).toBe(false);
    await change('pause');
    expect(await isPaused()).toBe(true);
    await change('resume');
    expect(await isPaused()).toBe(false);
  });

  test.each([
    ['PUT', 'scoring/obliterate', {}],
    ['PUT', 'scoring/empty', {}],
    ['PUT', 'scoring/clean/completed', {}],
    ['PUT', 'scoring/clean/wait', {}],
    ['PUT', 'scoring/promote', {}],
    ['PUT', 'scoring/retry/completed', {}],
    ['PUT', 'scoring/concurrency', { concurrency: 9 }],
    ['PUT', 'scoring/rate-limit', { max: 1, duration: 1000 }],
    ['PUT', 'scoring/job-schedulers/nightly/remove', {}],
    ['PATCH', 'scoring/job-schedulers/nightly', { every: 1000 }],
    ['POST', 'scoring/add', { name: 'junk', data: {} }],
    ['PUT', `scoring/${FIRST}/clean`, {}],
    ['PATCH', `scoring/${FIRST}/update-data`, { data: {} }],
    ['PATCH', `scoring/${FIRST}/delay`, { runAt: 4102444800000 }],
    ['PATCH', `scoring/${FIRST}/priority`, { priority: 1 }],
    ['PUT', `scoring/bump-cutoff-20251201-pred6m/remove-unprocessed-children`, {}],
  ])('refuses %s %s and changes nothing', async (method, path, body) => {
    // Something of every kind, so that there is something to lose.
    await workOnce(server, () => null);
    await server.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2026-05-01' } });
    const before = await everyKey();
    const reply = await change(path, method, body);
    expect(reply.status).toBe(403);
    expect(reply.json.error.key).toBe('ERRORS.FORBIDDEN');
    expect(reply.json.message).toMatch(/switched off|is run again by itself/);
    expect(await everyKey()).toEqual(before);
  });

  test('adds no job from a text/plain body, which any page could make a browser send', async () => {
    const reply = await server.ask('/queues/api/queues/scoring/add', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: '{"name":"junk","data":{}}',
    });
    expect(reply.status).toBe(403);
    expect(await server.queues.byName.scoring.getWaiting()).toHaveLength(1);
  });
});
