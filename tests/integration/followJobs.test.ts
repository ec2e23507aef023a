import { Worker } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { followJobs, lookAt } from '../../src/cli/followJobs.ts';
import { homeAt } from '../../src/config/home.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';

const JOB = 'followed';

let redis: TestRedis;
let queues: Queues;
let workers: Worker[];

beforeEach(async () => {
  redis = await startTestRedis();
  queues = await openQueues(redis.url, homeAt(redis.homeRoot).id, () => undefined);
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(true)));
  await queues.close();
  await redis.stop();
});

/** Does the job as told, by a worker whose connection mends itself. */
function work(processor: () => Promise<unknown>): void {
  const worker = new Worker('maintenance', processor, {
    connection: { url: redis.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
    lockDuration: 1000,
    stalledInterval: 200,
  });
  worker.on('error', () => undefined);
  workers.push(worker);
}

function follow(): Promise<unknown> {
  const start = async (): Promise<string> => {
    await queues.byName.maintenance.add('test', {}, { jobId: JOB });
    return JOB;
  };
  return followJobs(queues, 'maintenance', [JOB], start, () => undefined);
}

test('a Redis that crashes while a job is followed is waited for, and the result comes', async () => {
  let runs = 0;
  work(async () => {
    runs++;
    if (runs === 1) redis.crash();
    return 'done';
  });
  expect(await follow()).toBe('done');
});

test('a job that ends while it is looked at is not taken for one without a result', async () => {
  const queue = queues.byName.maintenance;
  await queue.add('test', {}, { jobId: JOB });
  const getJob = queue.getJob.bind(queue);
  queue.getJob = async (id) => {
    const job = await getJob(id);
    if (workers.length === 0) {
      work(async () => 'done');
      await expect.poll(() => queue.getJobState(JOB)).toBe('completed');
    }
    return job;
  };
  expect(await lookAt(queues, 'maintenance', [JOB], JOB)()).toEqual({ result: 'done' });
});

test('a job that vanishes with the content of Redis ends the wait with a sentence', async () => {
  work(async () => {
    await queues.redis.flushall();
  });
  await expect(follow()).rejects.toMatchObject({
    code: 'JOB_GONE',
    message: expect.stringContaining('The job followed is not in the queue any more'),
  });
});

test('a job that fails for good ends the wait with its sentence', async () => {
  work(async () => {
    throw new Error('it cannot be done');
  });
  await expect(follow()).rejects.toMatchObject({ code: 'JOB_FAILED', message: 'it cannot be done' });
});
