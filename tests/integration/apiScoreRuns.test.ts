import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Job, UnrecoverableError } from 'bullmq';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { SCORING_STEPS, type ScoreRun, scoringJobId } from '../../queues/scoring.ts';
import { runReportName } from '../../src/artefacts/names.ts';
import { CONFIG_TEMPLATE } from '../../src/config/template.ts';
import { cardPath } from '../../src/registry/modelCard.ts';
import { type Repair, reconcile } from '../../src/schedule/reconcile.ts';
import { runsAheadPath, takeRunBack } from '../../src/schedule/runsAhead.ts';
import { recordSlot } from '../../src/schedule/slotLedger.ts';
import { deployTestChampion, NOON, startTestServer, type TestServer, workOnce } from '../apiServer.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await deployTestChampion(server.folder.home);
});
afterAll(() => server?.close());
beforeEach(async () => {
  server.setTime(NOON);
  await writeFile(server.folder.home.configFile, CONFIG_TEMPLATE);
  await server.queues.redis.flushall();
  await rm(`${server.folder.home.outputs}/schedule`, { recursive: true, force: true });
});

const post = (body?: string | object, headers = {}) =>
  server.ask('/api/score-runs', { method: 'POST', body, headers });
const states = (cutoff: string) =>
  Promise.all(
    SCORING_STEPS.map((step) =>
      server.queues.byName.scoring.getJobState(scoringJobId(step.name, { cutoff, predMonths: 6 })),
    ),
  );

/** What a reconcile puts right, at the time of the server. */
function reconciled(): Promise<Repair[]> {
  const { folder, queues, clock } = server;
  const context = { home: folder.home, queues, clock, log: pino({ level: 'silent' }) };
  return reconcile(context, { isDryRun: false });
}

describe('POST /api/score-runs', () => {
  test('queues the steps of a run and answers 202 with the id and the address of its job', async () => {
    const reply = await post({ cutoff: '2025-12-01' });
    expect(reply.status).toBe(202);
    expect(reply.json).toEqual({
      job: { id: 'bump-cutoff-20251201-pred6m', url: '/api/jobs/bump-cutoff-20251201-pred6m' },
      cutoff: '2025-12-01',
      model_id: 'clv_model_20260101_110000',
    });
    expect(reply.headers.location).toBe(reply.json.job.url);
    expect(await states('2025-12-01')).toEqual([
      'waiting',
      'waiting-children',
      'waiting-children',
      'waiting-children',
      'waiting-children',
    ]);
  });

  test('fixes model and windows of the run at the champion of the moment', async () => {
    await post({ cutoff: '2025-12-01' });
    const job = await server.queues.findJob('score-customers-20251201-pred6m');
    expect(job?.data).toEqual({
      cutoff: '2025-12-01',
      modelId: 'clv_model_20260101_110000',
      historyMonths: 12,
      predMonths: 6,
      orders: null,
    });
  });

  test.each([
    ['no body', undefined],
    ['an empty object', {}],
  ])('scores the cutoff of the config where the request has %s', async (_what, body) => {
    await server.folder.configure('last_score_cutoff: null', 'last_score_cutoff: 2025-11-15');
    const reply = await post(body);
    expect(reply.status).toBe(202);
    expect(reply.json.cutoff).toBe('2025-11-15');
  });

  test('answers 400 where neither the request nor the config names a cutoff', async () => {
    const reply = await post({});
    expect(reply.status).toBe(400);
    expect(reply.json.error.code).toBe('REQUEST_INVALID');
    expect(reply.json.error.problems).toEqual([
      {
        path: 'cutoff',
        message: 'is not given, and run.last_score_cutoff is not set in config/model_config.yaml',
      },
    ]);
  });

  describe('on orders that the server has read', () => {
    const days = (...dates: string[]) =>
      `customer_id,order_date,revenue\n${dates.map((day, i) => `c${i},${day},5\n`).join('')}`;
    const haveRead = async (text: string) => {
      await server.folder.configure('  orders: null', '  orders: orders.csv');
      await server.folder.write('orders.csv', text);
      expect((await server.ask('/api/eligibility')).status).toBe(200);
    };

    test.each([
      ['long before the first of them', '1999-01-01', 'HISTORY_EMPTY', 'from 2024-03-02 to'],
      ['on the day of the first of them', '2024-03-01', 'HISTORY_EMPTY', 'from 2024-03-02 to'],
      ['between a stray one and the opening', '2023-09-01', 'HISTORY_EMPTY', 'from 2024-03-02 to'],
      ['days after the last of them', '2025-12-30', 'ORDERS_STALE', 'a cutoff up to 2025-12-27'],
    ])('refuses a cutoff %s, and says which ones are possible', async (_what, cutoff, code, remedy) => {
      await haveRead(days('2021-05-05', '2024-03-01', '2024-03-02', '2024-03-03', '2025-12-20'));
      const reply = await post({ cutoff });
      expect([reply.status, reply.json.error?.code]).toEqual([409, code]);
      expect(reply.json.error.message).toContain(cutoff);
      expect(reply.json.error.remedy).toContain(remedy);
      expect(await states(cutoff)).not.toContain('waiting');
    });

    test.each([
      ['the day after the first of them', '2024-03-02'],
      ['with only a stray one before it', '2021-06-01'],
      ['that lies ahead, since newer ones may come', '2026-02-01'],
    ])('takes a cutoff %s', async (_what, cutoff) => {
      await haveRead(days('2021-05-05', '2024-03-01', '2024-03-02', '2024-03-03', '2025-12-20'));
      expect((await post({ cutoff })).status).toBe(202);
    });

    test('refuses no cutoff by what they were before they changed, or on another day', async () => {
      await haveRead(days('2024-03-01'));
      await server.folder.write('orders.csv', days('1998-12-01', '1998-12-02'));
      expect((await post({ cutoff: '1999-01-01' })).status).toBe(202);
      expect((await server.ask('/api/eligibility')).status).toBe(200);
      server.setTime(NOON + 24 * 3600 * 1000);
      expect((await post({ cutoff: '1997-06-01' })).status).toBe(202);
    });
  });

  test('lists everything that is wrong with a request at once', async () => {
    const reply = await post({ cutoff: 20251201, cuttof: '2025-12-01', priority: 1 });
    expect(reply.status).toBe(400);
    expect(reply.json.error.problems).toEqual([
      { path: 'cutoff', message: 'is not a text' },
      { path: 'cuttof', message: 'is not a known key (did you mean cutoff?)' },
      { path: 'priority', message: 'is not a known key (known: cutoff)' },
    ]);
    expect(await states('2025-12-01')).not.toContain('waiting');
  });

  test.each(['2025-02-30', '1.12.2025', ''])('refuses %j as a cutoff', async (cutoff) => {
    const reply = await post({ cutoff });
    expect(reply.status).toBe(400);
    expect(reply.json.error.problems).toEqual([
      { path: 'cutoff', message: 'is not a calendar date written YYYY-MM-DD' },
    ]);
  });

  test.each(['{"cutoff": ', '[]', 'null', '"2025-12-01"'])('refuses the body %s', async (body) => {
    const reply = await post(body, { 'Content-Type': 'application/json' });
    expect(reply.status).toBe(400);
    expect(reply.json.error.problems).toHaveLength(1);
    expect(reply.json.error.problems[0].path).toBe('body');
  });

  test('does not take a body of another type for an empty request', async () => {
    await server.folder.configure('last_score_cutoff: null', 'last_score_cutoff: 2025-11-15');
    const reply = await post('cutoff=2025-12-01', { 'Content-Type': 'application/x-www-form-urlencoded' });
    expect(reply.status).toBe(415);
    expect(reply.json.error.code).toBe('BODY_NOT_JSON');
    expect(await states('2025-11-15')).not.toContain('waiting');
  });

  test('reads no body beyond 100 kB', async () => {
    const reply = await post({ cutoff: 'x'.repeat(110_000) });
    expect(reply.status).toBe(413);
    expect(reply.json.error).toMatchObject({
      code: 'BODY_TOO_LARGE',
      message: 'The body is longer than 100kb.',
    });
  });

  test('answers 409 with the job that runs already, and leaves it alone', async () => {
    await post({ cutoff: '2025-12-01' });
    const before = await server.queues.findJob('score-customers-20251201-pred6m');
    const reply = await post({ cutoff: '2025-12-01' });
    expect(reply.status).toBe(409);
    expect(reply.json.error.code).toBe('RUN_BUSY');
    expect(reply.json.job).toEqual({
      id: 'bump-cutoff-20251201-pred6m',
      url: '/api/jobs/bump-cutoff-20251201-pred6m',
    });
    const after = await server.queues.findJob('score-customers-20251201-pred6m');
    expect(after?.timestamp).toBe(before?.timestamp);
  });

  test('gives exactly one run to many requests of one moment', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => post({ cutoff: '2025-12-01' })));
    expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409, 409, 409, 409]);
    expect(await server.queues.byName.scoring.getWaitingCount()).toBe(1);
  });

  test('runs another cutoff beside the one that runs', async () => {
    await post({ cutoff: '2025-12-01' });
    expect((await post({ cutoff: '2025-12-15' })).status).toBe(202);
  });

  test('lets a run whose step failed for good make way', async () => {
    await post({ cutoff: '2025-12-01' });
    await workOnce(server, () => {
      throw new UnrecoverableError('The orders are gone.');
    });
    expect(await states('2025-12-01')).toContain('failed');
    expect((await post({ cutoff: '2025-12-01' })).status).toBe(202);
    expect((await states('2025-12-01'))[0]).toBe('waiting');
  });

  test('lets a cutoff ahead wait until 06:00 of its day in the business time zone', async () => {
    await server.folder.configure('timezone: UTC', 'timezone: America/New_York');
    // In New York it is still the last day of January.
    server.setTime(Date.UTC(2027, 1, 1, 3));
    const reply = await post({ cutoff: '2027-02-01' });
    expect(reply.status).toBe(202);
    expect(reply.json.waits_until).toBe('2027-02-01T11:00:00.000Z');
    const job = await server.queues.findJob('score-customers-20270201-pred6m');
    expect(await job?.getState()).toBe('delayed');
    expect(job?.delay).toBe(8 * 3_600_000);
    expect((await post({ cutoff: '2027-02-01' })).status).toBe(409);
  });

  test('records no run ahead that cannot be written down, and queues none', async () => {
    const file = runsAheadPath(server.folder.home);
    await mkdir(file, { recursive: true });
    expect((await post({ cutoff: '2026-11-01' })).status).toBe(500);
    expect(await states('2026-11-01')).toEqual(Array(SCORING_STEPS.length).fill('unknown'));
    await rm(file, { recursive: true });
    expect((await post({ cutoff: '2026-11-01' })).status).toBe(202);
  });

  test('refuses a cutoff more than a year ahead, and names the latest that it takes', async () => {
    const refused = await post({ cutoff: '2062-11-01' });
    expect(refused).toMatchObject({ status: 400, json: { error: { code: 'CUTOFF_FAR_AHEAD' } } });
    expect(refused.json.error.message).toContain(
      'cutoff is 2062-11-01, more than a year after today, 2026-01-01',
    );
    expect(refused.json.error.remedy).toBe('Send another one. 2027-01-02 is the latest that is taken.');
    expect((await post({ cutoff: '2027-01-03' })).status).toBe(400);
    expect((await post({ cutoff: '2027-01-02' })).status).toBe(202);
  });

  test('refuses such a cutoff of the config as well, and names the file', async () => {
    await server.folder.configure('last_score_cutoff: null', 'last_score_cutoff: 2062-11-01');
    const { status, json } = await post();
    expect([status, json.error.message]).toEqual([
      400,
      expect.stringContaining('run.last_score_cutoff is 2062-11-01'),
    ]);
    expect(json.error.remedy).toContain('Put it right in config/model_config.yaml.');
    expect(await server.queues.byName.scoring.count()).toBe(0);
  });

  test('starts the run of a cutoff of today at once, at whatever hour', async () => {
    await server.folder.configure('timezone: UTC', 'timezone: Asia/Tokyo');
    server.setTime(Date.UTC(2026, 0, 31, 15, 1));
    const reply = await post({ cutoff: '2026-02-01' });
    expect(reply.json).not.toHaveProperty('waits_until');
    expect((await states('2026-02-01'))[0]).toBe('waiting');
  });

  test('answers 500 with the line that is wrong where the config cannot be used', async () => {
    await server.folder.configure('pred_months: 6', 'pred_months: six');
    const reply = await post({ cutoff: '2025-12-01' });
    expect(reply.status).toBe(500);
    expect(reply.json.error.code).toBe('CONFIG_INVALID');
    expect(reply.json.error.message).toMatch(/line \d+: modeling\.pred_months is "six"/);
    expect(reply.json.error.remedy).toBeTruthy();
  });
});

test('answers 409 where the card of the champion is gone', async () => {
  const bare = await startTestServer();
  try {
    await deployTestChampion(bare.folder.home);
    await rm(cardPath(bare.folder.home, 'clv_model_20260101_110000'));
    const reply = await bare.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2025-12-01' } });
    expect([reply.status, reply.json.error.code]).toEqual([409, 'CHAMPION_CARD_MISSING']);
  } finally {
    await bare.close();
  }
});

describe('a run that was asked for ahead of its day', () => {
  const lost = async () => (await reconciled()).filter(({ kind }) => kind === 'run-ahead-lost');

  test('comes back after Redis lost its data, with its model and at its hour', async () => {
    await server.folder.configure('timezone: UTC', 'timezone: America/New_York');
    const { json } = await post({ cutoff: '2026-02-01' });
    await server.queues.redis.flushall();
    expect(await server.ask(json.job.url)).toMatchObject({
      status: 404,
      json: { error: { code: 'JOB_UNKNOWN', remedy: expect.stringContaining('queued again within 15 min') } },
    });
    server.setTime(NOON + 86_400_000);
    expect(await lost()).toEqual([
      {
        kind: 'run-ahead-lost',
        says: 'The run of cutoff 2026-02-01, 6 months, that was asked for ahead of its day is gone from the queue; it is queued again.',
        values: { cutoff: '2026-02-01', predMonths: 6, modelId: json.model_id },
        failure: null,
      },
    ]);
    expect(await states('2026-02-01')).toEqual(['delayed', ...Array(4).fill('waiting-children')]);
    const job = await server.queues.findJob('score-customers-20260201-pred6m');
    expect(job).toMatchObject({
      data: { modelId: json.model_id },
      delay: Date.parse('2026-02-01T11:00:00Z') - NOON - 86_400_000,
    });
    expect(await lost()).toEqual([]);
  });

  test('begins at once where its day came while it was lost, unless that is more than a month ago', async () => {
    await post({ cutoff: '2026-02-01' });
    await server.queues.redis.flushall();
    server.setTime(Date.UTC(2026, 2, 4));
    expect(await lost()).toEqual([]);
    server.setTime(Date.UTC(2026, 2, 3));
    expect(await lost()).toHaveLength(1);
    expect((await states('2026-02-01'))[0]).toBe('waiting');
  });

  test('does not come back when it is complete', async () => {
    await post({ cutoff: '2026-02-01' });
    await server.queues.redis.flushall();
    const report = `${server.folder.home.runReports}/${runReportName({ cutoff: '2026-02-01', predMonths: 6 })}`;
    await mkdir(dirname(report), { recursive: true });
    await writeFile(report, '{}');
    expect(await lost()).toEqual([]);
    await rm(report);
    expect(await lost()).toHaveLength(1);
  });

  test('does not come back when it was taken back, and comes back when it was asked for again', async () => {
    const { json } = await post({ cutoff: '2026-02-01' });
    await server.ask(json.job.url, { method: 'DELETE' });
    expect(await lost()).toEqual([]);
    await post({ cutoff: '2026-02-01' });
    await server.queues.redis.flushall();
    expect(await lost()).toHaveLength(1);
  });

  test('is taken back also while Redis does not know of it', async () => {
    const { json } = await post({ cutoff: '2026-02-01' });
    await server.queues.redis.flushall();
    expect((await server.ask(json.job.url, { method: 'DELETE' })).status).toBe(204);
    expect(await lost()).toEqual([]);
    expect((await server.ask(json.job.url, { method: 'DELETE' })).status).toBe(404);
  });

  test('is not taken back as long as the calendar would begin it again, though Redis does not know of it', async () => {
    const { home } = server.folder;
    const { json } = await post({ cutoff: '2026-02-01' });
    const { data } = (await server.queues.findJob(json.job.id)) as { data: ScoreRun };
    await server.folder.configure('last_score_cutoff: null', 'last_score_cutoff: 2026-02-01');
    await recordSlot(home, NOON, 'run', NOON, { run: data, earlierReport: null });
    await server.queues.redis.flushall();
    const refused = await server.ask(json.job.url, { method: 'DELETE' });
    expect([refused.status, refused.json.error.code]).toEqual([409, 'RUN_OF_CALENDAR']);
  });

  test('is taken back for good also where the record of runs ahead is damaged', async () => {
    const path = runsAheadPath(server.folder.home);
    const { json } = await post({ cutoff: '2026-02-01' });
    const whole = await readFile(path, 'utf8');
    await writeFile(path, `no record\n${whole}`);
    expect((await server.ask(json.job.url, { method: 'DELETE' })).status).toBe(204);
    const unknown = await server.ask(json.job.url, { method: 'DELETE' });
    expect([unknown.status, unknown.json.error.code]).toEqual([500, 'RECORDS_DAMAGED']);
    await writeFile(path, (await readFile(path, 'utf8')).replace('no record\n', ''));
    expect(await lost()).toEqual([]);
  });

  test('is taken back also where it failed for good', async () => {
    const { json } = await post({ cutoff: '2026-02-01' });
    await (await server.queues.findJob('score-customers-20260201-pred6m'))?.promote();
    await workOnce(server, () => {
      throw new UnrecoverableError('The orders are gone.');
    });
    expect((await server.ask(json.job.url, { method: 'DELETE' })).status).toBe(204);
    expect(await states('2026-02-01')).toEqual(Array(SCORING_STEPS.length).fill('unknown'));
    await server.queues.redis.flushall();
    expect(await lost()).toEqual([]);
  });

  test('is not recorded as such by a request that is refused because the calendar began it', async () => {
    const { home } = server.folder;
    const { json } = await post({ cutoff: '2026-02-01' });
    const { data } = (await server.queues.findJob(json.job.id)) as { data: ScoreRun };
    await rm(runsAheadPath(home));
    await recordSlot(home, NOON, 'run', NOON, { run: data, earlierReport: null });
    expect((await post({ cutoff: '2026-02-01' })).status).toBe(409);
    await expect(readFile(runsAheadPath(home))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is busy also where the record of runs ahead is damaged', async () => {
    await post({ cutoff: '2026-02-01' });
    await writeFile(runsAheadPath(server.folder.home), 'no record\n');
    const refused = await post({ cutoff: '2026-02-01' });
    expect([refused.status, refused.json.error.code]).toEqual([409, 'RUN_BUSY']);
  });

  test('does not come back where Redis took it out and its answer was lost', async () => {
    const { json } = await post({ cutoff: '2026-02-01' });
    const { data } = (await server.queues.findJob(json.job.id)) as { data: ScoreRun };
    const { scoring } = server.queues.byName;
    const getJob = vi.spyOn(scoring, 'getJob').mockImplementation(async (id) => {
      getJob.mockRestore();
      const job = await scoring.getJob(id);
      const remove = job?.remove.bind(job);
      return Object.assign(job as Job, {
        async remove() {
          await remove?.();
          throw new Error('Command timed out');
        },
      });
    });
    const context = { home: server.folder.home, queues: server.queues, clock: server.clock };
    await expect(takeRunBack(context, data)).rejects.toThrow('Command timed out');
    expect(await states('2026-02-01')).toEqual(Array(SCORING_STEPS.length).fill('unknown'));
    expect(await lost()).toEqual([]);
  });

  test('is recorded by the next request where the first could not', async () => {
    const { json } = await post({ cutoff: '2026-02-01' });
    await rm(runsAheadPath(server.folder.home));
    expect((await post({ cutoff: '2026-02-01' })).status).toBe(409);
    await server.queues.redis.flushall();
    expect((await lost()).map(({ values }) => values.modelId)).toEqual([json.model_id]);
  });

  test('is still wanted where it was to be taken back and had begun', async () => {
    const { json } = await post({ cutoff: '2026-02-01' });
    const first = await server.queues.findJob('score-customers-20260201-pred6m');
    await first?.promote();
    await workOnce(server, () => ({}));
    const { status } = await server.ask(json.job.url, { method: 'DELETE' });
    expect(status).toBe(409);
    await server.queues.redis.flushall();
    expect(await lost()).toHaveLength(1);
  });
});

describe('DELETE /api/jobs/:id', () => {
  const cancel = (id: string) => server.ask(`/api/jobs/${id}`, { method: 'DELETE' });
  const gone = Array(SCORING_STEPS.length).fill('unknown');

  test('takes a run that waits for its cutoff out of the queue, with all its steps, and for good', async () => {
    const { json } = await post({ cutoff: '2026-12-01' });
    const waiting = await states('2026-12-01');
    expect(waiting[0]).toBe('delayed');
    expect(await cancel(json.job.id)).toMatchObject({ status: 204, text: '' });
    expect(await states('2026-12-01')).toEqual(gone);
    const repairs = await reconciled();
    expect(repairs.map(({ kind }) => kind).filter((kind) => !kind.startsWith('schedule-'))).toEqual([]);
    expect((await cancel(json.job.id)).status).toBe(404);
    expect((await post({ cutoff: '2026-12-01' })).status).toBe(202);
  });

  test('leaves other runs alone', async () => {
    await post({ cutoff: '2026-12-01' });
    await post({ cutoff: '2026-11-01' });
    await cancel('bump-cutoff-20261201-pred6m');
    expect((await states('2026-11-01'))[0]).toBe('delayed');
  });

  test('leaves a run that has begun alone, and says so', async () => {
    await post({ cutoff: '2025-12-01' });
    await workOnce(server, () => ({}));
    const before = await states('2025-12-01');
    const reply = await cancel('bump-cutoff-20251201-pred6m');
    expect([reply.status, reply.json.error.code, reply.json.error.message]).toEqual([
      409,
      'RUN_NOT_WAITING',
      expect.stringContaining('its first step is completed'),
    ]);
    expect(await states('2025-12-01')).toEqual(before);
  });

  test('leaves a run alone whose first step is in hand', async () => {
    await post({ cutoff: '2025-12-01' });
    await workOnce(server, async () => {
      expect(await cancel('bump-cutoff-20251201-pred6m')).toMatchObject({
        status: 409,
        json: { error: { code: 'RUN_NOT_WAITING' } },
      });
      return {};
    });
    expect((await states('2025-12-01'))[0]).toBe('completed');
  });

  test.each([0, 1, 4])(
    'takes a run back that failed for good after %i steps, and logs why',
    async (steps) => {
      await post({ cutoff: '2025-12-01' });
      for (let i = 0; i < steps; i++) await workOnce(server, () => ({}));
      await workOnce(server, () => {
        throw new UnrecoverableError('Nobody ordered.');
      });
      const { scoring } = server.queues.byName;
      expect(await scoring.getFailedCount()).toBe(1);
      expect((await cancel('bump-cutoff-20251201-pred6m')).status).toBe(204);
      expect(await states('2025-12-01')).toEqual(gone);
      expect(await scoring.getFailedCount()).toBe(0);
      const told = server.log.findLast(({ msg }) => msg === 'a run was taken back');
      expect(told).toMatchObject({ cutoff: '2025-12-01', failure: 'Nobody ordered.' });
      expect((await post({ cutoff: '2025-12-01' })).status).toBe(202);
    },
  );

  test('leaves a complete run alone', async () => {
    await post({ cutoff: '2025-12-01' });
    for (const _ of SCORING_STEPS) await workOnce(server, () => ({}));
    expect(await cancel('bump-cutoff-20251201-pred6m')).toMatchObject({
      status: 409,
      json: { error: { code: 'RUN_NOT_WAITING' } },
    });
    expect((await states('2025-12-01')).at(-1)).toBe('completed');
  });

  test('takes nothing back that stands for no run', async () => {
    await post({ cutoff: '2026-12-01' });
    expect(await cancel('rank-customers-20261201-pred6m')).toMatchObject({
      status: 409,
      json: { error: { code: 'JOB_STAYS' } },
    });
    expect((await states('2026-12-01'))[0]).toBe('delayed');
  });

  test('says of a run that the calendar would begin again how to be rid of it', async () => {
    const { home } = server.folder;
    await server.folder.configure('last_score_cutoff: null', 'last_score_cutoff: 2026-12-01');
    const { json } = await post();
    const { data } = (await server.queues.findJob(json.job.id)) as { data: ScoreRun };
    await recordSlot(home, NOON, 'run', NOON, { run: data, earlierReport: null });
    const refused = await cancel(json.job.id);
    expect([refused.status, refused.json.error.code, refused.json.error.remedy]).toEqual([
      409,
      'RUN_OF_CALENDAR',
      expect.stringContaining('Put run.last_score_cutoff right in config/model_config.yaml'),
    ]);
    await server.folder.configure('last_score_cutoff: 2026-12-01', 'last_score_cutoff: 2026-01-01');
    expect((await cancel(json.job.id)).status).toBe(204);
    expect(await states('2026-12-01')).toEqual(gone);
    await rm(`${home.outputs}/schedule`, { recursive: true });
  });
});

test('answers 409 while no champion is in service', async () => {
  const bare = await startTestServer();
  try {
    const reply = await bare.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2025-12-01' } });
    expect(reply.status).toBe(409);
    expect(reply.json.error).toMatchObject({
      code: 'CHAMPION_MISSING',
      remedy: 'Train one first: clv train, then sign it off: clv approve MODEL --by NAME --note TEXT',
    });
    expect(await bare.queues.byName.scoring.count()).toBe(0);
  } finally {
    await bare.close();
  }
});
