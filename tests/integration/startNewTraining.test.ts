import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { startNewTraining } from '../../queues/startTraining.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';

const NOW = Date.UTC(2026, 0, 1, 12);

let redis: TestRedis;
let queues: Queues;

beforeAll(async () => {
  redis = await startTestRedis();
  queues = await openQueues(redis.url, 'trainings', () => {});
});
afterAll(async () => {
  await queues?.close();
  await redis?.stop();
});

test('trainings that are asked for in one second are one model each, as they were asked for', async () => {
  const asked = [6, 12, 9];
  const hasCard = async (modelId: string) => modelId === 'clv_model_20260101_120001';
  const started = await Promise.all(
    asked.map((historyMonths) => startNewTraining(queues, NOW, { historyMonths }, hasCard)),
  );
  expect(started.map(({ modelId }) => modelId).sort()).toEqual([
    'clv_model_20260101_120000',
    'clv_model_20260101_120002',
    'clv_model_20260101_120003',
  ]);
  const jobs = await Promise.all(started.map(({ jobId }) => queues.byName['model-build'].getJob(jobId)));
  expect(jobs.map((job) => job?.data.historyMonths)).toEqual(asked);
  expect(jobs.map((job) => job?.data.modelId)).toEqual(started.map(({ modelId }) => modelId));
});
