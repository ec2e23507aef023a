import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { withLock } from '../../queues/withLock.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';

let redis: TestRedis;
let queues: Queues;

beforeAll(async () => {
  redis = await startTestRedis();
});
beforeEach(async () => {
  queues = await openQueues(redis.url, 'locks', () => {});
  await queues.redis.del(KEY);
  return () => queues.close();
});
afterAll(() => redis.stop());

const KEY = 'clv:locks:lock:test';
const taken = (): Error => new Error('taken');

describe('a lock', () => {
  test('is free again when the work is done, well or not', async () => {
    expect(await withLock(queues, KEY, async () => 'done', taken)).toBe('done');
    const failing = withLock(queues, KEY, () => Promise.reject(new Error('of the work')), taken);
    await expect(failing).rejects.toThrow('of the work');
    expect(await queues.redis.exists(KEY)).toBe(0);
  });

  test('that ran out and was taken by somebody else is left to them', async () => {
    await withLock(queues, KEY, async () => void (await queues.redis.set(KEY, 'theirs')), taken);
    expect(await queues.redis.getdel(KEY)).toBe('theirs');
  });

  test.each([
    { name: 'result', work: () => Promise.resolve('done'), outcome: 'done' },
    { name: 'error', work: () => Promise.reject(new Error('of the work')), outcome: 'of the work' },
  ])('that cannot be given back does not hide the $name of the work', async ({ work, outcome }) => {
    const losingRedis = async (): Promise<string> => {
      queues.redis.disconnect();
      return work();
    };
    const told = await withLock(queues, KEY, losingRedis, taken).catch((error: Error) => error.message);
    expect(told).toBe(outcome);
  });
});
