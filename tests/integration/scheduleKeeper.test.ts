import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mergeJobId } from '../../queues/maturity.ts';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { keepSchedule, type ScheduleKeeper } from '../../workers/scheduleKeeper.ts';
import { writeTestPredictions } from '../maturedWindow.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const WINDOW = { cutoff: '2025-12-01', predMonths: 6 };
const LOOK_MS = 10;

let redis: TestRedis;
let folder: TemporaryHome;
let queues: Queues;
let keeper: ScheduleKeeper;
/** Told of every line that is logged. */
let onLine: (line: Record<string, unknown>) => void = () => undefined;

beforeAll(async () => {
  [redis, folder] = await Promise.all([startTestRedis(), makeHome()]);
  await folder.configure('launch_date: null', 'launch_date: 2026-01-05');
  await writeTestPredictions(folder.home, { ...WINDOW, modelId: 'clv_model_20251201_000000' }, { a: 1 });
  queues = await openQueues(redis.url, folder.home.id, () => undefined);
  const log = pino({ level: 'info' }, { write: (line: string) => onLine(JSON.parse(line)) });
  keeper = await keepSchedule({ home: folder.home, queues, clock: TEST_CLOCK, log }, { watchMs: LOOK_MS });
});
afterAll(async () => {
  await keeper?.close();
  await queues?.close();
  await redis?.stop();
  await folder?.remove();
});

const known = async () => ({
  alarm: await queues.byName.maturity.getJobState(mergeJobId(WINDOW)),
  schedules: await Promise.all([
    queues.byName.scoring.getJobSchedulersCount(),
    queues.byName.maintenance.getJobSchedulersCount(),
  ]),
});

/** Does something, and waits until the last repair that follows from it is told: that of the alarm. */
async function onceMended(act: () => Promise<unknown>): Promise<void> {
  const mended = new Promise<void>((resolve) => {
    onLine = ({ repair }) => repair === 'alarm-missing' && resolve();
  });
  await act();
  await mended;
}

test('a Redis that is emptied under a running worker is given back every schedule and alarm, time and again', async () => {
  const whole = { alarm: 'delayed', schedules: [1, 3] };
  expect(await known()).toEqual(whole);
  for (const _ of [1, 2]) {
    await onceMended(() => queues.redis.flushall());
    expect(await known()).toEqual(whole);
  }
});
