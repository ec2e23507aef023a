import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { UnrecoverableError, Worker } from 'bullmq';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { driftJobId, mergeJobId } from '../../queues/maturity.ts';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { bumpCutoff, scoringFlow, scoringJobId } from '../../queues/scoring.ts';
import { writeCsv } from '../../src/artefacts/files/csvFile.ts';
import { type RunFileKind, runFileName, sidecarName } from '../../src/artefacts/names.ts';
import { writeSidecar } from '../../src/artefacts/sidecar.ts';
import { followJobs } from '../../src/cli/followJobs.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { keepAlarm } from '../../src/schedule/alarms.ts';
import { reconcile } from '../../src/schedule/reconcile.ts';
import type { ScheduleContext } from '../../src/schedule/scheduleContext.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const WINDOW = { cutoff: '2026-01-05', predMonths: 6 };
const OTHER = { cutoff: '2026-01-19', predMonths: 12 };
const HOUR = 3_600_000;

let redis: TestRedis;
let folder: TemporaryHome;
let queues: Queues;
let context: ScheduleContext;
let log: Record<string, unknown>[];

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis?.stop());
beforeEach(async () => {
  folder = await makeHome();
  queues = await openQueues(redis.url, folder.home.id, () => {});
  await queues.redis.flushall();
  log = [];
  // The present of this clock is the present of the machine, so that due times can be read from Redis.
  context = {
    home: folder.home,
    queues,
    clock: { now: () => Date.now() },
    log: pino({ level: 'info' }, { write: (line: string) => log.push(JSON.parse(line)) }),
  };
  return async () => {
    await queues.close();
    await folder.remove();
  };
});

/** A file of a window, as the run or the merge leaves it. */
async function writeWindow(kind: RunFileKind, window = WINDOW, more = {}): Promise<string> {
  const path = `${folder.home.outputs}/${runFileName(kind, window)}`;
  const written = await writeCsv(path, ['customer_id', 'value'], 1, () => ['1', kind.length]);
  await writeSidecar(path, {
    file: runFileName(kind, window),
    ...written,
    model_id: 'clv_model_20260101_110000',
    cutoff: window.cutoff,
    history_months: 12,
    pred_months: window.predMonths,
    ...more,
  });
  return written.sha256;
}

const run = (isDryRun = false) => reconcile(context, { isDryRun });
const kinds = async () => (await run()).map((repair) => repair.kind);
/** The instants at which merges fire, by their ids. */
async function alarms(): Promise<Record<string, string>> {
  const jobs = await queues.byName.maturity.getDelayed();
  return Object.fromEntries(
    jobs.map((job) => [job.id, new Date(job.timestamp + job.delay).toISOString().slice(0, 16)]),
  );
}
const states = (window = WINDOW) =>
  Promise.all([mergeJobId(window), driftJobId(window)].map((id) => queues.byName.maturity.getJobState(id)));
/** A window whose end lies ahead of the machine's clock. */
const ahead = (predMonths: number) => ({
  cutoff: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
  predMonths,
});

describe('a Redis that forgot everything', () => {
  test('is given back every alarm with its due time, and every schedule', async () => {
    await folder.configure('launch_date: null', 'launch_date: 2026-01-05');
    await folder.configure('timezone: UTC', 'timezone: Europe/Berlin');
    const windows = [ahead(3), ahead(6), ahead(12)];
    for (const window of windows) await writeWindow('predictions', window);
    await run();
    const before = await alarms();
    expect(Object.keys(before).sort()).toEqual(windows.map(mergeJobId).sort());
    await queues.redis.flushall();
    const repairs = await run();
    expect(repairs.map((repair) => repair.kind).sort()).toEqual([
      ...Array(3).fill('alarm-missing'),
      ...Array(4).fill('schedule-missing'),
    ]);
    expect(await alarms()).toEqual(before);
    for (const window of windows) expect(await states(window)).toEqual(['delayed', 'waiting-children']);
    expect(log.filter((line) => line.repair !== undefined).every((line) => line.level === 40)).toBe(true);
  });

  test('is left alone by the second reconcile', async () => {
    await folder.configure('launch_date: null', 'launch_date: 2026-01-05');
    await writeWindow('predictions', ahead(6));
    expect((await run()).length).toBeGreaterThan(0);
    expect(await run()).toEqual([]);
  });
});

test('an alarm is due at midnight of the shop on the last day, after the lag of the data, to the millisecond', async () => {
  await folder.configure('timezone: UTC', 'timezone: Europe/Berlin');
  await folder.configure('data_lag_hours: 0', 'data_lag_hours: 6');
  const window = { cutoff: '2030-01-05', predMonths: 6 };
  await writeWindow('predictions', window);
  await run();
  const score = await queues.redis.zscore(`${queues.prefix}:maturity:delayed`, mergeJobId(window));
  const firesAt = Math.floor(Number(score) / 4096);
  const due = Date.parse('2030-07-05T06:00:00+02:00');
  expect(firesAt).toBeGreaterThanOrEqual(due);
  expect(firesAt - due).toBeLessThan(5);
});

test('a dry run tells what differs and changes nothing', async () => {
  const window = ahead(6);
  await writeWindow('predictions', window);
  const repairs = await run(true);
  expect(repairs.map((repair) => repair.kind)).toContain('alarm-missing');
  expect(await states(window)).toEqual(['unknown', 'unknown']);
  expect(await queues.byName.maintenance.getJobSchedulersCount()).toBe(0);
});

test('a merge waits for late orders as long as the config says', async () => {
  await folder.configure('attempts: 48', 'attempts: 7');
  await folder.configure('minutes: 60', 'minutes: 30');
  await writeWindow('predictions', WINDOW);
  await run();
  const merge = await queues.byName.maturity.getJob(mergeJobId(WINDOW));
  expect(merge?.opts).toMatchObject({ attempts: 7, backoff: { type: 'fixed', delay: HOUR / 2 } });
});

test('an alarm moves when the lag of the data is changed', async () => {
  const window = ahead(6);
  await writeWindow('predictions', window);
  await run();
  await folder.configure('data_lag_hours: 0', 'data_lag_hours: 12');
  expect(await kinds()).toEqual(['alarm-misplaced']);
  const score = await queues.redis.zscore(`${queues.prefix}:maturity:delayed`, mergeJobId(window));
  expect(new Date(Math.floor(Number(score) / 4096)).toISOString().slice(11, 16)).toBe('12:00');
  expect(await kinds()).toEqual([]);
});

test('a window whose day has passed fires at once', async () => {
  await writeWindow('predictions', WINDOW);
  await run();
  expect(await states()).toEqual(['waiting', 'waiting-children']);
});

test('an alarm whose prediction file is gone is taken away', async () => {
  await writeWindow('predictions', OTHER);
  await run();
  expect((await states(OTHER))[1]).toBe('waiting-children');
  await rm(`${folder.home.outputs}/${runFileName('predictions', OTHER)}`);
  expect(await kinds()).toEqual(['alarm-stray']);
  expect(await states(OTHER)).toEqual(['unknown', 'unknown']);
  expect(await kinds()).toEqual([]);
});

test('an alarm whose prediction file has lost its sidecar stays, and that is told as long as it is so', async () => {
  await writeWindow('predictions', OTHER);
  await run();
  const prediction = `${folder.home.outputs}/${runFileName('predictions', OTHER)}`;
  await writeFile(prediction, 'customer_id\n');
  await rename(sidecarName(prediction), `${folder.home.root}/elsewhere`);
  for (let time = 0; time < 2; time++) {
    const repairs = await run();
    expect(repairs.map(({ kind }) => kind)).toEqual(['sidecar-damaged']);
    expect(repairs[0].failure).toMatch(/\.meta\.json is missing, although the file that it is of is there\./);
    expect((await states(OTHER))[1]).toBe('waiting-children');
  }
  await rename(`${folder.home.root}/elsewhere`, sidecarName(prediction));
  expect(await kinds()).toEqual([]);
});

test.each([
  ['edited into an impossible date', '2026-13-05', 'cutoff: must be a date'],
  ['copied from another window', '2026-02-02', 'it tells of cutoff 2026-02-02 and 6 months'],
])(
  'a sidecar that was %s is told by its name; its alarm stays, and the others are set',
  async (_, cutoff, says) => {
    await writeWindow('predictions', WINDOW);
    await run();
    await writeWindow('predictions', WINDOW, { cutoff }).catch(() => undefined);
    await writeWindow('predictions', OTHER);
    const repairs = await run();
    expect(repairs.map(({ kind }) => kind).sort()).toEqual(['alarm-missing', 'sidecar-damaged']);
    expect(repairs.find(({ kind }) => kind === 'sidecar-damaged')?.failure).toContain(
      `clv_predictions_20260105_pred6m.meta.json is damaged: ${says}`,
    );
    expect(await states(WINDOW)).toEqual(expect.not.arrayContaining(['unknown']));
    expect(await states(OTHER)).toEqual(expect.not.arrayContaining(['unknown']));
  },
);

test('damaged ledgers keep nobody from setting what does not depend on them, after Redis forgot everything', async () => {
  await folder.configure('launch_date: null', 'launch_date: 2026-01-05');
  await writeWindow('predictions', WINDOW);
  const made_from_sha256 = await writeWindow('predictions', OTHER);
  await writeWindow('predictions_actual', OTHER, { made_from_sha256 });
  await mkdir(`${folder.home.outputs}/schedule`, { recursive: true });
  await folder.write('outputs/schedule/slots.jsonl', 'no ledger\n');
  await mkdir(folder.home.monitoring, { recursive: true });
  await folder.write('outputs/monitoring/drift_history.csv', 'no history\n');
  await queues.redis.flushall();
  const repairs = await run();
  const failed = repairs.filter(({ failure }) => failure !== null);
  expect(failed.map(({ kind, says }) => [kind, says.slice(0, 42)])).toEqual([
    ['not-compared', 'The calendar that is followed could not be'],
    ['not-compared', 'The slots of the calendar could not be com'],
    ['alarm-unknown', 'It cannot be told how far the window of cu'],
  ]);
  expect(failed[0].failure).toContain('slots.jsonl is not one that the program writes');
  expect(failed[2].failure).toContain('drift_history.csv');
  expect(repairs.filter(({ kind }) => kind === 'schedule-missing')).toHaveLength(4);
  expect(await states(WINDOW)).toEqual(expect.not.arrayContaining(['unknown']));
  expect(await states(OTHER)).toEqual(['unknown', 'unknown']);
});

test('a merge that somebody removed is put back with its comparison', async () => {
  const window = ahead(6);
  await writeWindow('predictions', window);
  await run();
  await (await queues.byName.maturity.getJob(mergeJobId(window)))?.remove();
  expect(await states(window)).toEqual(['unknown', 'waiting']);
  expect(await kinds()).toEqual(['alarm-missing']);
  expect(await states(window)).toEqual(['delayed', 'waiting-children']);
});

test('where the revenue is merged already, the comparison alone is queued', async () => {
  const sha256 = await writeWindow('predictions');
  await writeWindow('predictions_actual', WINDOW, { made_from_sha256: sha256 });
  expect(await kinds()).toContain('alarm-missing');
  expect(await states()).toEqual(['unknown', 'waiting']);
  expect(await kinds()).toEqual([]);
});

test('revenue that was merged into an earlier prediction of the window does not count', async () => {
  await writeWindow('predictions');
  await writeWindow('predictions_actual', WINDOW, { made_from_sha256: 'of another file' });
  await run();
  expect(await states()).toEqual(['waiting', 'waiting-children']);
});

test('a run that is not complete sets its alarm itself', async () => {
  await run();
  await writeWindow('predictions');
  const scoring = { ...WINDOW, modelId: 'm', historyMonths: 12, orders: null };
  await queues.flows.add(scoringFlow(scoring, queues.prefix, 0));
  expect(await kinds()).toEqual([]);
});

test('a run that failed for good sets no alarm, so that of its predictions is set', async () => {
  await run();
  await writeWindow('predictions');
  const scoring = { ...WINDOW, modelId: 'm', historyMonths: 12, orders: null };
  await queues.flows.add(scoringFlow(scoring, queues.prefix, 0));
  const worker = new Worker('scoring', null, {
    connection: { url: redis.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
  });
  const first = await worker.getNextJob('test', { block: false });
  await first?.moveToFailed(new UnrecoverableError('The orders are gone.'), 'test', false);
  await worker.close();
  const last = scoringJobId(bumpCutoff.name, WINDOW);
  expect(await queues.byName.scoring.getJobState(last)).toBe('waiting-children');
  expect(await kinds()).toEqual(['alarm-missing']);
});

test('a run whose last step is about to be taken sets its alarm itself as well', async () => {
  await run();
  await writeWindow('predictions');
  const jobId = scoringJobId(bumpCutoff.name, WINDOW);
  await queues.byName.scoring.add(bumpCutoff.name, {}, { jobId });
  expect(await queues.byName.scoring.getJobState(jobId)).toBe('waiting');
  expect(await kinds()).toEqual([]);
});

test('an alarm whose prediction file is gone is left to the run that writes it anew', async () => {
  await writeWindow('predictions', OTHER);
  await run();
  const before = await states(OTHER);
  await rm(`${folder.home.outputs}/${runFileName('predictions', OTHER)}`);
  const scoring = { ...OTHER, modelId: 'm', historyMonths: 12, orders: null };
  await queues.flows.add(scoringFlow(scoring, queues.prefix, 0));
  expect(await kinds()).toEqual([]);
  expect(await states(OTHER)).toEqual(before);
});

test('an alarm that is asked for twice, and at once, is one', async () => {
  const window = ahead(6);
  await writeWindow('predictions', window);
  const config = await loadConfig(folder.home);
  await Promise.allSettled([1, 2, 3].map(() => keepAlarm(context, config, window)));
  await keepAlarm(context, config, window);
  expect(Object.keys(await alarms())).toEqual([mergeJobId(window)]);
  expect((await queues.byName.maturity.getJobCounts('waiting-children'))['waiting-children']).toBe(1);
});

test('a merge that failed for good waits for a person, and begins anew with a window that is scored anew', async () => {
  await writeWindow('predictions');
  await run();
  const merge = mergeJobId(WINDOW);
  const start = async () => merge;
  const worker = new Worker(
    'maturity',
    async () => {
      throw new UnrecoverableError('the file was changed');
    },
    { connection: { url: redis.url, maxRetriesPerRequest: null }, prefix: queues.prefix },
  );
  await expect(followJobs(queues, 'maturity', [merge], start, () => {})).rejects.toThrow('was changed');
  await worker.close();
  expect(await kinds()).toEqual([]);
  expect(await states()).toEqual(['failed', 'waiting-children']);
  await keepAlarm(context, await loadConfig(folder.home), WINDOW);
  expect(await states()).toEqual(['waiting', 'waiting-children']);
});

test('one repair that fails does not keep the others from being made', async () => {
  await folder.configure('launch_date: null', 'launch_date: 2026-01-05');
  const window = ahead(6);
  await writeWindow('predictions', window);
  await run();
  await queues.redis.flushall();
  const path = `${folder.home.outputs}/schedule/slots.jsonl`;
  // A slot that came an hour ago, for which there is neither a champion nor a cutoff.
  const slot = new Date(Date.now() - HOUR).toISOString();
  await writeFile(
    path,
    `${await readFile(path, 'utf8')}${JSON.stringify({ at: slot, slot, outcome: 'open' })}\n`,
  );
  const repairs = await run();
  expect(repairs.find((repair) => repair.kind === 'slots-open')?.failure).toMatch(
    /does not say which cutoff comes next/,
  );
  expect(await states(window)).toEqual(['delayed', 'waiting-children']);
});
