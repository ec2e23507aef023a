import { readFile, writeFile } from 'node:fs/promises';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addJob } from '../../queues/addJob.ts';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { beginRun, bumpCutoff, SCORING_STEPS, type ScoreRun, scoringJobId } from '../../queues/scoring.ts';
import { startScoreRun } from '../../queues/startScoreRun.ts';
import { replaceFile } from '../../src/artefacts/files/replaceFile.ts';
import { CONFIG_TEMPLATE } from '../../src/config/template.ts';
import { beginDueRun, CalendarBusyError } from '../../src/schedule/beginDueRun.ts';
import { reconcile } from '../../src/schedule/reconcile.ts';
import type { ScheduleContext } from '../../src/schedule/scheduleContext.ts';
import { slotLedgerPath } from '../../src/schedule/slotLedger.ts';
import { deployTestChampion } from '../apiServer.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

/** Slots of a launch on 2026-01-05 at 06:00 UTC. */
const SLOTS = ['2026-01-05', '2026-01-19', '2026-02-02'].map((date) => `${date}T06:00:00.000Z`);
const HOUR = 3_600_000;

let redis: TestRedis;
let folder: TemporaryHome;
let queues: Queues;
let context: ScheduleContext;
let nowMs: number;
let log: Record<string, unknown>[];

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis?.stop());
beforeEach(async () => {
  await folder?.remove();
  await queues?.close();
  folder = await makeHome();
  queues = await openQueues(redis.url, folder.home.id, () => {});
  await queues.redis.flushall();
  await deployTestChampion(folder.home);
  log = [];
  nowMs = Date.parse('2026-01-04T12:00:00Z');
  context = {
    home: folder.home,
    queues,
    clock: { now: () => nowMs },
    log: pino({ level: 'info' }, { write: (line: string) => log.push(JSON.parse(line)) }),
  };
  return async () => {
    await queues.close();
    await folder.remove();
  };
});

/** The calendar of SLOTS is followed from the day before the first of them. */
async function launch(policy: 'one' | 'all' | 'none', cutoff = '2026-01-05'): Promise<void> {
  await writeFile(
    folder.home.configFile,
    CONFIG_TEMPLATE.replace('launch_date: null', 'launch_date: 2026-01-05')
      .replace('catch_up: one', `catch_up: ${policy}`)
      .replace('last_score_cutoff: null', `last_score_cutoff: ${cutoff}`),
  );
  await reconcile(context, { isDryRun: false });
}

const runOf = (cutoff: string): ScoreRun => ({
  cutoff,
  modelId: 'clv_model_20260101_110000',
  historyMonths: 12,
  predMonths: 6,
  orders: null,
});
const jobsOf = (run: Pick<ScoreRun, 'cutoff' | 'predMonths'>) =>
  Promise.all(SCORING_STEPS.map((step) => queues.byName.scoring.getJob(scoringJobId(step.name, run))));
const isQueued = async (cutoff: string) => (await jobsOf(runOf(cutoff))).every((job) => job !== undefined);
const queuedRuns = async () => {
  const jobs = await queues.byName.scoring.getJobs(['waiting-children']);
  return jobs.filter((job) => job.name === bumpCutoff.name).map((job) => job.data.cutoff as string);
};
/** What a complete run leaves: its report, a cutoff that moved on, and no job in progress. */
async function complete(cutoff: string, next: string): Promise<void> {
  await replaceFile(
    `${folder.home.runReports}/clv_run_${cutoff.replaceAll('-', '')}_pred6m.json`,
    JSON.stringify({ cutoff }),
  );
  for (const job of (await jobsOf(runOf(cutoff))).toReversed()) await job?.remove();
  await folder.configure(`last_score_cutoff: ${cutoff}`, `last_score_cutoff: ${next}`);
}
const ledger = async () =>
  (await readFile(slotLedgerPath(folder.home), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a slot that has come', () => {
  test('begins the run of the cutoff of the config with the champion of now', async () => {
    await launch('one');
    nowMs = Date.parse(SLOTS[0]);
    expect(await beginDueRun(context, { slotMs: nowMs })).toEqual({
      slot: SLOTS[0],
      cutoff: '2026-01-05',
      model_id: 'clv_model_20260101_110000',
      job: 'bump-cutoff-20260105-pred6m',
      missed: [],
    });
    expect((await jobsOf(runOf('2026-01-05')))[0]?.data).toEqual(runOf('2026-01-05'));
  });

  test('begins nothing before its instant', async () => {
    await launch('one');
    nowMs = Date.parse(SLOTS[0]) - 1;
    expect(await beginDueRun(context, { slotMs: Date.parse(SLOTS[0]) })).toBeNull();
    expect(await queuedRuns()).toEqual([]);
  });

  test('begins one run, however often it is told, also after Redis forgot everything', async () => {
    await launch('one');
    nowMs = Date.parse(SLOTS[0]);
    await beginDueRun(context, { slotMs: nowMs });
    expect(await beginDueRun(context, { slotMs: nowMs })).toBeNull();
    await complete('2026-01-05', '2026-01-19');
    await queues.redis.flushall();
    expect(await beginDueRun(context, { slotMs: nowMs })).toBeNull();
    expect(await queuedRuns()).toEqual([]);
  });

  test('asked about by several processes at once begins one run', async () => {
    await launch('one');
    nowMs = Date.parse(SLOTS[0]);
    const answers = await Promise.allSettled([1, 2, 3].map(() => beginDueRun(context)));
    expect(answers.filter((it) => it.status === 'fulfilled' && it.value !== null)).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(CalendarBusyError);
    }
    expect((await ledger()).filter((line) => line.outcome === 'run')).toHaveLength(1);
  });

  test('whose process was killed between the ledger and the queue has its run queued', async () => {
    await launch('one');
    nowMs = Date.parse(SLOTS[0]);
    await beginDueRun(context, { slotMs: nowMs });
    for (const job of (await jobsOf(runOf('2026-01-05'))).toReversed()) await job?.remove();
    expect(await beginDueRun(context, { slotMs: nowMs })).toBeNull();
    expect(await isQueued('2026-01-05')).toBe(true);
  });

  test('whose cutoff was scored before, and whose run Redis forgot, has it queued again until it is complete', async () => {
    await launch('one');
    await complete('2026-01-05', '2026-01-05');
    nowMs = Date.parse(SLOTS[0]);
    await beginDueRun(context, { slotMs: nowMs });
    await queues.redis.flushall();
    const repairs = await reconcile(context, { isDryRun: false });
    expect(repairs.map(({ kind }) => kind)).toContain('run-lost');
    expect(await queuedRuns()).toEqual(['2026-01-05']);
    await complete('2026-01-05', '2026-01-05');
    await queues.redis.flushall();
    expect(await beginDueRun(context, { slotMs: nowMs })).toBeNull();
    expect(await queuedRuns()).toEqual([]);
  });

  test('without a champion or a cutoff stays open, and begins once they are there', async () => {
    await launch('one');
    await folder.configure('last_score_cutoff: 2026-01-05', 'last_score_cutoff: null');
    nowMs = Date.parse(SLOTS[0]);
    await expect(beginDueRun(context, { slotMs: nowMs })).rejects.toMatchObject({ code: 'CUTOFF_NOT_SET' });
    await folder.configure('last_score_cutoff: null', 'last_score_cutoff: 2026-01-05');
    nowMs += HOUR / 2;
    expect(await beginDueRun(context)).toMatchObject({ slot: SLOTS[0] });
  });

  test('with a cutoff ahead queues a run that waits for 06:00 of that day', async () => {
    await launch('one', '2026-01-08');
    nowMs = Date.parse(SLOTS[0]);
    await beginDueRun(context, { slotMs: nowMs });
    const [first] = await jobsOf(runOf('2026-01-08'));
    expect(await first?.getState()).toBe('delayed');
    expect(first?.delay).toBe(3 * 24 * HOUR);
  });

  test('with a cutoff in another century says so and waits for nobody', async () => {
    await launch('one', '2126-01-05');
    nowMs = Date.parse(SLOTS[0]);
    await expect(beginDueRun(context)).rejects.toMatchObject({ code: 'CUTOFF_FAR_AHEAD' });
    expect(await queuedRuns()).toEqual([]);
  });

  test('with a cutoff that was scored before scores it again, and the log says so', async () => {
    await launch('one');
    await complete('2026-01-05', '2026-01-05');
    nowMs = Date.parse(SLOTS[0]);
    expect(await beginDueRun(context)).toMatchObject({ cutoff: '2026-01-05' });
    expect(log.map((line) => line.msg)).toContain(
      'run.last_score_cutoff names a cutoff that was scored before; it is scored again',
    );
  });
});

describe('after an outage', () => {
  const back = Date.parse('2026-02-03T12:00:00Z');
  const warnings = () => log.filter((line) => line.missed !== undefined);

  test('one: a single run stands for all missed slots, and the log names them', async () => {
    await launch('one');
    nowMs = back;
    expect(await beginDueRun(context)).toMatchObject({ slot: SLOTS[2], missed: SLOTS.slice(0, 2) });
    expect(warnings()).toMatchObject([{ level: 40, missed: SLOTS }]);
    await complete('2026-01-05', '2026-01-19');
    expect(await beginDueRun(context)).toBeNull();
    expect(await queuedRuns()).toEqual([]);
  });

  test('none: no run, and the log names what was missed', async () => {
    await launch('none');
    nowMs = back;
    expect(await beginDueRun(context)).toBeNull();
    expect(warnings()).toMatchObject([{ missed: SLOTS }]);
    expect(await queuedRuns()).toEqual([]);
    expect((await ledger()).slice(1)).toMatchObject(SLOTS.map((slot) => ({ slot, outcome: 'skipped' })));
  });

  test('all: one run after the other, each with the cutoff that the one before it left', async () => {
    await launch('all');
    nowMs = back;
    const cutoffs = ['2026-01-05', '2026-01-19', '2026-02-02', '2026-02-16'];
    for (let i = 0; i < 3; i++) {
      expect(await beginDueRun(context)).toMatchObject({ slot: SLOTS[i], cutoff: cutoffs[i] });
      expect(await beginDueRun(context)).toBeNull();
      expect(await queuedRuns()).toEqual([cutoffs[i]]);
      await complete(cutoffs[i], cutoffs[i + 1]);
    }
    expect(await beginDueRun(context)).toBeNull();
    expect(warnings()[0]).toMatchObject({ missed: SLOTS });
  });

  test('that took Redis with it, nothing that was missed is forgotten', async () => {
    await launch('all');
    nowMs = back;
    await queues.redis.flushall();
    const repairs = await reconcile(context, { isDryRun: false });
    expect(repairs.map((repair) => repair.kind)).toContain('slots-open');
    expect(await queuedRuns()).toEqual(['2026-01-05']);
    expect(await reconcile(context, { isDryRun: false })).toEqual([]);
  });
});

test('a slot is left to the job that waits for it, and is settled where other jobs wait', async () => {
  await launch('one');
  nowMs = Date.parse(SLOTS[0]) + 2 * HOUR;
  const waiting = await addJob(queues, beginRun, {}, 'of-the-slot');
  const kinds = async () => (await reconcile(context, { isDryRun: true })).map(({ kind }) => kind);
  expect(await kinds()).toEqual([]);
  await queues.byName.scoring.remove(waiting);
  await startScoreRun(queues, runOf('2025-12-01'));
  expect(await kinds()).toEqual(['slots-open']);
});

describe('a calendar that is changed', () => {
  test('is said to be followed, or to be gone', async () => {
    await launch('one');
    const saysAfter = async (from: string, to: string) => {
      await folder.configure(from, to);
      const repairs = await reconcile(context, { isDryRun: false });
      return repairs.find(({ kind }) => kind === 'calendar-changed')?.says;
    };
    expect(await saysAfter('launch_date: 2026-01-05', 'launch_date: 2026-02-02')).toBe(
      'The calendar of launch 2026-02-02, 06:00 UTC, is followed from now on.',
    );
    expect(await saysAfter('launch_date: 2026-02-02', 'launch_date: null')).toBe(
      'No launch date is set any more; no run begins by the calendar from now on.',
    );
  });

  test('has no slots before the change, and what the old one left open is dealt with', async () => {
    await launch('all');
    nowMs = Date.parse('2026-01-20T12:00:00Z');
    await folder.configure('launch_date: 2026-01-05', 'launch_date: 2026-01-01');
    const repairs = await reconcile(context, { isDryRun: false });
    expect(repairs.map((repair) => repair.kind)).toEqual([
      'calendar-changed',
      'schedule-changed',
      'slots-open',
    ]);
    expect(await queuedRuns()).toEqual(['2026-01-05']);
    await complete('2026-01-05', '2026-01-19');
    expect(await beginDueRun(context)).toMatchObject({ slot: SLOTS[1] });
    await complete('2026-01-19', '2026-02-02');
    expect(await beginDueRun(context)).toBeNull();
  });
});

describe('an operator who asks for the schedule to be run now', () => {
  test('has a run although no slot has come, once for each job', async () => {
    await launch('one');
    expect(await beginDueRun(context, { askedBy: '17' })).toMatchObject({ slot: null, cutoff: '2026-01-05' });
    await complete('2026-01-05', '2026-01-19');
    expect(await beginDueRun(context, { askedBy: '17' })).toBeNull();
    expect(await beginDueRun(context, { askedBy: '18' })).toMatchObject({ cutoff: '2026-01-19' });
  });

  test('has that of an open slot, and no other when the job is tried again', async () => {
    await launch('one');
    nowMs = Date.parse(SLOTS[0]);
    expect(await beginDueRun(context, { askedBy: '17' })).toMatchObject({ slot: SLOTS[0] });
    await complete('2026-01-05', '2026-01-19');
    expect(await beginDueRun(context, { askedBy: '17' })).toBeNull();
    expect(await queuedRuns()).toEqual([]);
  });
});

test('a damaged ledger stops the calendar with the number of the line', async () => {
  await launch('one');
  await writeFile(slotLedgerPath(folder.home), '{"at":"yesterday"}\n');
  await expect(beginDueRun(context)).rejects.toThrow(/Line 1 of .*slots\.jsonl is not one that the program/);
});

test('a line of the ledger that was cut short is set aside, and the slot is dealt with', async () => {
  await launch('one');
  const path = slotLedgerPath(folder.home);
  await writeFile(path, `${await readFile(path, 'utf8')}{"at":"2026-01-05T06:00:00.000Z","slo`);
  nowMs = Date.parse(SLOTS[0]);
  expect(await beginDueRun(context)).toMatchObject({ slot: SLOTS[0] });
  expect((await ledger()).at(-1)).toMatchObject({ slot: SLOTS[0], outcome: 'run' });
});
