import type { Job } from 'bullmq';
import { expect, test } from 'vitest';
import { reproduceModel } from '../../../queues/modelBuild.ts';
import { processorOf, type WorkContext } from '../../../workers/processor.ts';

const job = { data: { modelId: 'clv_model_20260101_120000', orders: null } } as Job;

async function failureOf(error: unknown): Promise<Error> {
  const { run } = processorOf(reproduceModel, async () => {
    throw error;
  });
  return (await run(job, {} as WorkContext).catch((failure) => failure)) as Error;
}

test('a job that fails with an error without a message says where it came from', async () => {
  const silent = new RangeError('');
  const failure = await failureOf(silent);
  expect(failure.message).toContain('RangeError');
  expect(failure.message).toContain('processor.test.ts');
  expect(failure.cause).toBe(silent);
  const spoken = new Error('The disk is full.');
  expect(await failureOf(spoken)).toBe(spoken);
});
