import { Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { repeatStrategy } from '../../queues/repeatStrategy.ts';
import { isReconcileScheduled, schedulerFaults, wantedSchedulers } from '../../queues/schedulers.ts';
import { beginRun } from '../../queues/scoring.ts';
import type { Calendar } from '../../src/domain/calendar/cadence.ts';
import { hasGolden, readTable } from '../golden.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';

const CALENDAR: Calendar = { launchDate: '2026-01-05', timezone: 'UTC', hour: 6 };
const MINUTE = 60_000;

let redis: TestRedis;
let queues: Queues;

beforeAll(async () => {
  redis = await startTestRedis();
  queues = await openQueues(redis.url, 'calendar', () => {});
});
afterAll(async () => {
  await queues?.close();
  await redis?.stop();
});
beforeEach(async () => {
  await queues.redis.flushall();
  // BullMQ asks `Date` for the time, and so does nothing else that matters here.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-01T00:00:00Z') });
});
afterEach(() => vi.useRealTimers());

const faultsOf = (calendar: Calendar | null, timezone = 'UTC') =>
  schedulerFaults(queues, wantedSchedulers(calendar, timezone));
const follow = async (calendar: Calendar | null, timezone = 'UTC') => {
  const faults = await faultsOf(calendar, timezone);
  for (const fault of faults) await fault.mend();
  return faults.map(({ fault, id }) => `${id} ${fault}`);
};
const nextOf = async () => (await queues.byName.scoring.getJobScheduler(beginRun.name))?.next;

/** A worker that takes one job at a time, when it is told to. */
function idleWorker(): Worker {
  return new Worker('scoring', null, {
    connection: { url: redis.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
    settings: { repeatStrategy },
  });
}

async function runNext(worker: Worker): Promise<string | undefined> {
  const job = await worker.getNextJob('test', { block: false });
  await job?.moveToCompleted(null, 'test', false);
  return job?.id;
}

describe.runIf(hasGolden)('the running scheduler', () => {
  const rows = hasGolden ? readTable('golden/cadence_slots.csv') : [];
  test.each([...new Set(rows.map((row) => row.launch_date))])(
    'fires at every slot that was computed independently from the launch %s',
    async (launchDate) => {
      const wanted = rows.filter((row) => row.launch_date === launchDate);
      const calendar = { launchDate, timezone: wanted[0].timezone, hour: 6 };
      vi.setSystemTime(Date.parse(launchDate) - 86_400_000);
      await follow(calendar, calendar.timezone);
      const worker = idleWorker();
      await worker.waitUntilReady();
      const fired: number[] = [];
      for (let i = 0; i < wanted.length; i++) {
        const next = (await nextOf()) as number;
        vi.setSystemTime(next - 1);
        expect(await runNext(worker)).toBeUndefined();
        vi.setSystemTime(next);
        expect(await runNext(worker)).toBe(`repeat:${beginRun.name}:${next}`);
        fired.push(next);
      }
      await worker.close();
      expect(fired).toEqual(wanted.map((row) => Number(row.slot_epoch_ms)));
    },
  );
});

test('a schedule is set once and then left alone, though its slot is due and not begun', async () => {
  expect(await follow(CALENDAR)).toEqual([
    'begin-run missing',
    'reconcile missing',
    'retention missing',
    'review-reminder missing',
  ]);
  const slot = await nextOf();
  vi.setSystemTime(Date.parse('2026-01-05T09:00:00Z'));
  expect((await faultsOf(CALENDAR)).map(({ id }) => id)).toEqual([]);
  expect(await nextOf()).toBe(slot);
});

test.each([
  ['launch date', { ...CALENDAR, launchDate: '2026-02-03' }, '2026-02-09T06:00:00Z'],
  ['hour', { ...CALENDAR, hour: 9 }, '2026-01-05T09:00:00Z'],
  ['zone', { ...CALENDAR, timezone: 'Asia/Tokyo' }, '2026-01-04T21:00:00Z'],
])('another %s takes the place of the old one and leaves nothing of it', async (_, changed, next) => {
  await follow(CALENDAR);
  expect(await follow(changed)).toEqual(['begin-run changed']);
  expect(await nextOf()).toBe(Date.parse(next));
  const queue = queues.byName.scoring;
  expect(await queue.getJobSchedulersCount()).toBe(1);
  expect((await queue.getDelayed()).map((job) => job.id)).toEqual([
    `repeat:${beginRun.name}:${Date.parse(next)}`,
  ]);
});

test('without a launch date nothing is left of the calendar, and the daily jobs stay', async () => {
  await follow(CALENDAR);
  expect(await follow(null)).toEqual(['begin-run stray']);
  expect(await queues.byName.scoring.getDelayedCount()).toBe(0);
  expect(await queues.byName.maintenance.getJobSchedulersCount()).toBe(3);
});

test('a second schedule that somebody added is removed', async () => {
  await follow(CALENDAR);
  await queues.byName.scoring.upsertJobScheduler(
    'begin-run-old',
    { every: 15 * MINUTE },
    { name: beginRun.name, data: {} },
  );
  expect(await follow(CALENDAR)).toEqual(['begin-run-old stray']);
  expect(await faultsOf(CALENDAR)).toEqual([]);
});

test('a schedule whose next job is gone goes on', async () => {
  await follow(CALENDAR);
  const slot = await nextOf();
  await queues.redis.zrem(`${queues.prefix}:scoring:delayed`, `repeat:${beginRun.name}:${slot}`);
  expect(await follow(CALENDAR)).toEqual(['begin-run broken']);
  expect(await nextOf()).toBe(slot);
  expect(await queues.byName.scoring.getDelayedCount()).toBe(1);
});

test('schedules that were set while the clock was ahead are set anew', async () => {
  vi.setSystemTime(Date.parse('2027-01-01T00:00:00Z'));
  await follow(CALENDAR);
  expect(await isReconcileScheduled(queues)).toBe(true);
  vi.setSystemTime(Date.parse('2026-01-01T00:00:00Z'));
  expect(await isReconcileScheduled(queues)).toBe(false);
  expect(await follow(CALENDAR)).toEqual(
    ['begin-run', 'reconcile', 'retention', 'review-reminder'].map((id) => `${id} broken`),
  );
  expect(await nextOf()).toBe(Date.parse('2026-01-05T06:00:00Z'));
  expect(await isReconcileScheduled(queues)).toBe(true);
  expect(await faultsOf(CALENDAR)).toEqual([]);
});

test('a schedule whose next job was run early, and which is set anew, does not stumble over it', async () => {
  await follow(CALENDAR);
  const slot = (await nextOf()) as number;
  await (await queues.byName.scoring.getJob(`repeat:${beginRun.name}:${slot}`))?.promote();
  const worker = idleWorker();
  expect(await runNext(worker)).toBe(`repeat:${beginRun.name}:${slot}`);
  await worker.close();
  await queues.byName.scoring.removeJobScheduler(beginRun.name);
  expect(await follow(CALENDAR)).toEqual(['begin-run missing']);
  expect(await nextOf()).toBe(slot);
});
