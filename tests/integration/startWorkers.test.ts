import { Redis } from 'ioredis';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkers } from '../../workers/host.ts';
import { type ForeignRedis, startForeignRedis } from '../redis.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let server: ForeignRedis;
let folder: TemporaryHome;
let redis: Redis;

beforeEach(async () => {
  [server, folder] = await Promise.all([startForeignRedis(), makeHome()]);
  redis = new Redis(server.url);
});
afterEach(async () => {
  redis?.disconnect();
  await server?.stop();
  await folder?.remove();
});

const connections = async () =>
  String(await redis.client('LIST'))
    .trimEnd()
    .split('\n').length;

test('workers that cannot be started leave no connection to Redis open', async () => {
  const before = await connections();
  const start = startWorkers({
    home: folder.home,
    redisUrl: server.url,
    clock: TEST_CLOCK,
    log: pino({ level: 'silent' }),
    threads: 0,
    keepsSchedule: true,
  });
  await expect(start).rejects.toThrow('threads is 0');
  await expect.poll(connections, { timeout: 10_000 }).toBe(before);
});
