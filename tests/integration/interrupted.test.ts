import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let redis: TestRedis;
let folder: TemporaryHome;

beforeEach(async () => {
  redis = await startTestRedis();
  folder = await makeHome();
});
afterEach(async () => {
  await redis?.stop();
  await folder?.remove();
});

/** A command that holds a session and does not end by itself. */
const COMMAND = `
import pino from 'pino';
const { homeAt } = await import('./dist/src/config/home.js');
const { loadConfig } = await import('./dist/src/config/loadConfig.js');
const { withSession } = await import('./dist/src/cli/session.js');
const home = homeAt(process.env.CLV_HOME);
const context = { home, terminal: { say() {} }, log: pino({ level: 'silent' }) };
await withSession(context, await loadConfig(home), () => {
  process.stdout.write('open');
  return new Promise((resolve) => setTimeout(resolve, 2 ** 30));
});
`;

test('a command that is interrupted says that it stops, and how to end it at once', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', COMMAND], {
    env: { ...process.env, REDIS_URL: redis.url, CLV_HOME: folder.home.root },
  });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const ended = once(child, 'close');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => {
      throw new Error(`It ended before it was interrupted: ${said}`);
    }),
  ]);
  child.kill('SIGINT');
  const [code] = await ended;
  expect([code, said.trim()]).toEqual([
    130,
    'clv: stopping: the running job is let end. Ctrl-C once more ends it at once.',
  ]);
});
