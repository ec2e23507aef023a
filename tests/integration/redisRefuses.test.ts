import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { type ApiServer, startServer } from '../../src/api/startServer.ts';
import { deployTestChampion } from '../apiServer.ts';
import { type ForeignRedis, startForeignRedis } from '../redis.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

/** Nobody can write there: what it answers then is what it answers on a full disk. */
const NOWHERE = ['--dir', '/proc', '--save', '3600 1'];

let folder: TemporaryHome;
let redis: ForeignRedis;
let queues: Queues;
let server: ApiServer;

beforeAll(async () => {
  [folder, redis] = await Promise.all([makeHome(), startForeignRedis(NOWHERE)]);
  await deployTestChampion(folder.home);
  queues = await openQueues(redis.url, folder.home.id, () => undefined);
  const log = pino({ level: 'silent' });
  server = await startServer({ home: folder.home, queues, clock: TEST_CLOCK, log, port: 0 });
});
afterAll(async () => {
  await server?.close();
  await queues?.close();
  await redis?.stop();
  await folder?.remove();
});

async function ask(path: string, body?: object) {
  const headers = { 'Content-Type': 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers };
  const reply = await fetch(server.url + path, post);
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
  return { status: reply.status, json: (await reply.json()) as any };
}

/** Has the server find out that it cannot write. */
async function failToSave(): Promise<void> {
  await queues.redis.bgsave();
  const isRefused = () =>
    queues.redis.ping().then(
      () => 'PONG',
      (error) => error.message,
    );
  await expect.poll(isRefused, { timeout: 20_000 }).toMatch(/^MISCONF /);
}

test.skipIf(process.platform !== 'linux')(
  'a Redis that cannot write to its disk refuses even a PING: it is named as such, and can be asked for jobs',
  async () => {
    await failToSave();
    const ready = await ask('/readyz');
    expect([ready.status, ready.json.redis.code]).toEqual([503, 'REDIS_REFUSES']);
    const refused = await ask('/api/score-runs', { cutoff: '2025-12-01' });
    expect([refused.status, refused.json.error.code]).toEqual([503, 'REDIS_REFUSES']);
    expect(refused.json.error.message).toContain('does not take what is to be queued: MISCONF');
    expect((await ask('/api/jobs/x')).json.error.code).toBe('JOB_UNKNOWN');
    const dashboard = async () => (await fetch(`${server.url}/dashboard`)).text();
    expect(await dashboard()).toContain('Redis takes no writes: nothing can be queued, and no job goes on');
    await queues.redis.config('SET', 'save', '');
    expect((await ask('/readyz')).status).toBe(200);
    expect(await dashboard()).not.toContain('takes no writes');
  },
);
