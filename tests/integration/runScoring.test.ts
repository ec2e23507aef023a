import { Worker } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { bumpCutoff, type ScoreRun } from '../../queues/scoring.ts';
import { startScoreRun } from '../../queues/startScoreRun.ts';
import { runScoring } from '../../src/cli/runScoring.ts';
import { homeAt } from '../../src/config/home.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';

const RUN: ScoreRun = {
  cutoff: '2026-01-01',
  modelId: 'clv_model_20260101_120000',
  historyMonths: 12,
  predMonths: 6,
  orders: null,
};

let redis: TestRedis;
let queues: Queues;
let told: string[];
const none = () => undefined;
const terminal = { say: (line = '') => told.push(line), progress: none, done: none, result: none };

beforeEach(async () => {
  redis = await startTestRedis();
  queues = await openQueues(redis.url, homeAt(redis.homeRoot).id, none);
  told = [];
});
afterEach(async () => {
  await queues.close();
  await redis.stop();
});

test('a run that a killed command left in the queue is followed by the next command, and not refused', async () => {
  await startScoreRun(queues, RUN);
  const followed = runScoring(queues, RUN, terminal);
  await expect.poll(() => told).toEqual([expect.stringContaining('it is followed')]);
  const worker = new Worker('scoring', async ({ name }) => ({ report: name }), {
    connection: { url: redis.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
  });
  expect(await followed).toEqual({ report: bumpCutoff.name });
  await worker.close();
});

test('a run of the same cutoff by another model or on other orders is not taken for the one that is meant', async () => {
  await startScoreRun(queues, RUN);
  for (const change of [{ modelId: 'clv_model_20250101_000000' }, { orders: 'others.csv' }])
    await expect(runScoring(queues, { ...RUN, ...change }, terminal)).rejects.toMatchObject({
      code: 'RUN_BUSY',
    });
  expect(told).toEqual([]);
});
