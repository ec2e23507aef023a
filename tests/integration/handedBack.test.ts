import { QueueEvents } from 'bullmq';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainTraining } from '../../queues/modelBuild.ts';
import { startTraining } from '../../queues/startTraining.ts';
import { startWorkers } from '../../workers/host.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { openTestShop, type TestShop } from '../testShop.ts';

const MODEL = 'clv_model_20260101_120000';

let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop({ customers: 1500, trees: 400 });
});
afterAll(() => shop?.close());

test('a job that outlasts the stop of its worker is handed back, as often as that happens, and loses no attempt', async () => {
  const { folder, redis, bench } = shop;
  const { queues } = bench;
  const queue = queues.byName['model-build'];
  const events = new QueueEvents(queue.name, {
    connection: { url: queues.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
  });
  await events.waitUntilReady();
  const jobId = await startTraining(queues, plainTraining(MODEL));
  const { attempts } = (await queue.getJob(jobId))?.opts ?? {};
  for (let stop = 0; stop < Number(attempts) + 1; stop++) {
    const computing = new Promise<void>((resolve) => {
      events.on('progress', ({ data }) => (data as { percent: number }).percent > 20 && resolve());
    });
    const host = await startWorkers({
      home: folder.home,
      redisUrl: redis.url,
      clock: TEST_CLOCK,
      log: pino({ level: 'silent' }),
      threads: 2,
      closeDeadlineMs: 0,
    });
    await computing;
    await host.close();
    events.removeAllListeners('progress');
    const job = await queue.getJob(jobId);
    expect([await job?.getState(), job?.attemptsMade, job?.failedReason]).toEqual(['waiting', 0, undefined]);
  }
  await events.close();
});
