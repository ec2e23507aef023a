import { Redis } from 'ioredis';
import pino from 'pino';
import { expect, test } from 'vitest';
import { errorInLog } from '../../src/cli/errorInLog.ts';
import { startForeignRedis } from '../redis.ts';

test('a password that Redis refuses is not in the log, and why it was refused is', async () => {
  const secret = 'not-to-be-told';
  const server = await startForeignRedis(['--requirepass', 'another']);
  const client = new Redis(server.url.replace('redis://', `redis://:${secret}@`), {
    retryStrategy: () => null,
  });
  const error = await new Promise<Error>((resolve) => {
    client.on('error', resolve);
  });
  client.disconnect();
  await server.stop();
  const lines: string[] = [];
  const log = pino({ serializers: { err: errorInLog } }, { write: (line: string) => lines.push(line) });
  log.error({ err: error }, 'worker error');
  expect(lines.join()).not.toContain(secret);
  expect(JSON.parse(lines[0]).err).toMatchObject({
    message: expect.stringContaining('WRONGPASS'),
    command: 'hello',
  });
});
