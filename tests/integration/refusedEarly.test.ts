import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { type Outcome, runClv } from '../runClv.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let redis: TestRedis;
let folder: TemporaryHome;

beforeAll(async () => {
  [redis, folder] = await Promise.all([startTestRedis(), makeHome()]);
});
afterAll(async () => {
  await redis?.stop();
  await folder?.remove();
});

function clv(home: string, ...args: string[]): Promise<Outcome> {
  return runClv({ redisUrl: redis.url, home }, args);
}

test('a server that may not listen where it was asked to leaves nothing on Redis', async () => {
  const { code, stderr } = await clv(folder.home.root, 'serve', '--host', '0.0.0.0', '--port', '3000');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^clv: On 0\.0\.0\.0 .*no key is set\.\nSet CLV_API_KEY/),
  ]);
  const client = new Redis(redis.url);
  expect(await client.keys('*')).toEqual([]);
  client.disconnect();
});

test('a home that is a file is told as such, and not to be made there', async () => {
  const path = await folder.write('file', 'x');
  const { code, stderr } = await clv(path, 'train');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/is not a home yet.*\n.*a file and not a folder/),
  ]);
});
