import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { freePort, withoutRedisUrl } from '../redis.ts';
import { makeHome } from '../temporaryHome.ts';

test('serve says that it has stopped when it has: its jobs have ended, and its Redis is gone', async () => {
  const folder = await makeHome();
  const record = `${folder.home.root}/.clv/redis/server.json`;
  const port = String(await freePort());
  const server = spawn(
    process.execPath,
    ['dist/src/cli/main.js', 'serve', '--home', folder.home.root, '--port', port],
    { env: withoutRedisUrl(), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(server, 'exit');
  const told: string[] = [];
  for await (const line of createInterface(server.stdout)) {
    const { msg } = JSON.parse(line) as { msg: string };
    told.push(msg);
    if (msg === 'serving') {
      expect(existsSync(record)).toBe(true);
      server.kill('SIGTERM');
    }
    if (msg === 'stopped') expect(existsSync(record)).toBe(false);
  }
  expect(told).toContain('stopping: running jobs are let end');
  expect(told.at(-1)).toBe('stopped');
  expect(await ended).toEqual([0, null]);
  await folder.remove();
});
