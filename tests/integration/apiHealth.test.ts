import { appendFile, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { within } from '../../src/api/within.ts';
import { readRecord } from '../../src/redis/serverRecord.ts';
import { cardPath, forestPath } from '../../src/registry/modelCard.ts';
import { deployTestChampion, type Reply, startTestServer, type TestServer } from '../apiServer.ts';
import { runClv } from '../runClv.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server?.close());

/** Asks again until `isDone`; the test's own time limit ends it. */
async function askUntil(path: string, isDone: (reply: Reply) => boolean): Promise<Reply> {
  for (;;) {
    const reply = await server.ask(path);
    if (isDone(reply)) return reply;
  }
}

test('an answer of Redis that arrived while this thread was busy is one in time', async () => {
  const answer = within(20, server.queues.redis.ping(), 'no answer');
  const until = performance.now() + 200;
  while (performance.now() < until);
  expect(await answer).toBe('PONG');
});

describe('/readyz', () => {
  test('answers 200 with the champion where Redis answers and a champion is in service', async () => {
    await deployTestChampion(server.folder.home);
    const reply = await server.ask('/readyz');
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      redis: { ok: true },
      config: { ok: true },
      champion: { ok: true, model_id: 'clv_model_20260101_110000' },
    });
  });

  test('answers 503 and says what to do where no champion is in service', async () => {
    const reply = await server.ask('/readyz');
    expect(reply.status).toBe(503);
    expect(reply.json).toMatchObject({
      redis: { ok: true },
      champion: {
        ok: false,
        code: 'CHAMPION_MISSING',
        remedy: 'Train one first: clv train, then sign it off: clv approve MODEL --by NAME --note TEXT',
      },
    });
  });

  test('answers 503 where another home has taken the id of this one on Redis, and 200 once it is given back', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    await server.queues.redis.set(`clv:${home.id}:home`, 'the other one');
    const taken = await server.ask('/readyz');
    expect(taken.status).toBe(503);
    expect(taken.json).toMatchObject({
      redis: { ok: false, code: 'HOME_ID_TAKEN', remedy: expect.stringContaining('CLV_HOME_ID') },
      champion: { ok: true },
    });
    await server.queues.redis.del(`clv:${home.id}:home`);
    expect((await server.ask('/readyz')).status).toBe(200);
  });

  test('answers 503 with the line that is wrong where no run could start for the config', async () => {
    await deployTestChampion(server.folder.home);
    await server.folder.configure('seed: 42', 'seeed: 42');
    const reply = await server.ask('/readyz');
    expect(reply.status).toBe(503);
    expect(reply.json).toMatchObject({
      config: { ok: false, code: 'CONFIG_INVALID', message: expect.stringContaining('seeed') },
      champion: { ok: true },
    });
  });

  test('answers 503 while the binary of the champion is another one, missing or half there, and 200 with it back', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    const path = forestPath(home, 'clv_model_20260101_110000');
    const shown = relative(home.root, path);
    const bytes = await readFile(path);
    const { atime, mtime } = await stat(path);
    const champion = async () => {
      const { status, json } = await server.ask('/readyz');
      return [status, json.champion.code ?? json.champion.model_id, json.champion.message];
    };
    const whole = [200, 'clv_model_20260101_110000', undefined];
    expect(await champion()).toEqual(whole);
    // Of the same length, and with its time put back.
    await writeFile(
      path,
      bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte)),
    );
    await utimes(path, atime, mtime);
    expect(await champion()).toEqual([
      503,
      'FOREST_FILE_MISMATCH',
      expect.stringContaining(`${shown} is not`),
    ]);
    await rm(path);
    expect(await champion()).toEqual([503, 'FOREST_FILE_MISMATCH', `${shown} is missing.`]);
    await writeFile(path, bytes.subarray(1));
    expect(await champion()).toEqual([
      503,
      'FOREST_FILE_MISMATCH',
      expect.stringContaining(`${shown} is not`),
    ]);
    await writeFile(path, bytes);
    expect(await champion()).toEqual(whole);
  });

  test('answers 503 with a sentence where the card of the champion is gone, and no run is begun', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    await rm(cardPath(home, 'clv_model_20260101_110000'));
    const missing = {
      code: 'CHAMPION_CARD_MISSING',
      message: expect.stringContaining('The model in service is clv_model_20260101_110000, but its card '),
      remedy: expect.stringContaining('Restore the card from a backup'),
    };
    const ready = await server.ask('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.json.champion).toEqual({ ok: false, ...missing });
    const refused = await server.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2025-12-01' } });
    expect([refused.status, refused.json.error]).toEqual([409, missing]);
  });

  test('answers 503 with a sentence where the card of the champion was changed after its sign-off', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    const path = cardPath(home, 'clv_model_20260101_110000');
    const card = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...card, pred_months: card.pred_months + 1 }));
    expect((await server.ask('/readyz')).json.champion).toEqual({
      ok: false,
      code: 'CHAMPION_CARD_CHANGED',
      message: expect.stringContaining('was changed after its sign-off.'),
      remedy: expect.stringContaining('Restore the card from a backup'),
    });
  });

  test('answers 503 with a sentence where the manifest of champions is damaged', async () => {
    await deployTestChampion(server.folder.home);
    await appendFile(`${server.folder.home.models}/champion_manifest.csv`, '2026-01-02T00:00\n');
    const reply = await server.ask('/readyz');
    expect(reply.status).toBe(503);
    expect(reply.json.champion).toMatchObject({ ok: false, code: 'MANIFEST_DAMAGED' });
  });
});

describe('with Redis gone', () => {
  const NEED_REDIS = [
    ['POST', '/api/score-runs'],
    ['GET', '/api/jobs/x'],
    ['GET', '/queues/api/queues'],
    ['PUT', '/queues/api/queues/scoring/pause'],
  ];

  test('every route that needs it answers 503 in less than 2 s, and works again when it is back', async () => {
    await deployTestChampion(server.folder.home);
    const body = { cutoff: '2025-12-01' };
    await server.crashRedis();
    for (const [method, path] of NEED_REDIS) {
      const startedAt = performance.now();
      const reply = await server.ask(path, { method, ...(method === 'POST' ? { body } : {}) });
      expect(performance.now() - startedAt).toBeLessThan(2000);
      expect(reply.status, path).toBe(503);
      expect(reply.json.error).toMatchObject({ code: 'REDIS_AWAY', remedy: expect.any(String) });
      expect(reply.headers['retry-after']).toBe('5');
    }
    const ready = await server.ask('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.json).toMatchObject({ redis: { ok: false, code: 'REDIS_AWAY' }, champion: { ok: true } });

    await askUntil('/readyz', ({ status }) => status === 200);
    expect((await server.ask('/api/score-runs', { method: 'POST', body })).status).toBe(202);
    expect((await server.ask('/queues/api/queues')).status).toBe(200);
  });

  test('/healthz and the page of the board still answer', async () => {
    await server.crashRedis();
    expect((await server.ask('/healthz')).status).toBe(200);
    expect((await server.ask('/queues')).status).toBe(200);
  });

  test('a server that takes commands and does not answer counts as gone', async () => {
    const { pid } = readRecord(`${server.redis.homeRoot}/.clv/redis`)!.process;
    process.kill(pid, 'SIGSTOP');
    try {
      const startedAt = performance.now();
      const replies = await Promise.all(NEED_REDIS.map(([method, path]) => server.ask(path, { method })));
      expect(performance.now() - startedAt).toBeLessThan(2000);
      expect(replies.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const reply = await askUntil('/readyz', ({ json }) => json.redis.ok);
    expect(reply.json.redis).toEqual({ ok: true });
  });
});

describe('with a Redis that answers and takes no writes', () => {
  test.each([
    ['its memory is full', 'maxmemory', '1', '0', 'OOM'],
    ['its replicas are gone', 'min-replicas-to-write', '1', '0', 'NOREPLICAS'],
  ])(
    'because %s, a run is answered with 503 and the reason, and works again after it',
    async (_why, setting, on, off, word) => {
      await deployTestChampion(server.folder.home);
      const body = { cutoff: '2025-12-01' };
      const start = () => server.ask('/api/score-runs', { method: 'POST', body });
      await server.queues.redis.config('SET', setting, on);
      const refused = await start();
      expect(refused.status).toBe(503);
      expect(refused.json.error).toMatchObject({
        code: 'REDIS_REFUSES',
        message: expect.stringContaining(`does not take what is to be queued: ${word}`),
      });
      const ready = await server.ask('/readyz');
      expect(ready.status).toBe(503);
      expect(ready.json.redis).toMatchObject({ ok: false, code: 'REDIS_REFUSES' });
      const clv = { redisUrl: server.redis.url, home: server.folder.home.root };
      const { code, stderr } = await runClv(clv, ['score', '--cutoff', '2025-12-01']);
      expect(code).toBe(1);
      expect(stderr).toContain('clv: Redis answers, but does not take what is to be queued');
      await server.queues.redis.config('SET', setting, off);
      expect((await server.ask('/readyz')).status).toBe(200);
      expect((await start()).status).toBe(202);
    },
  );
});
