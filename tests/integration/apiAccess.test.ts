import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOfApi } from '../../src/api/route.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { startServer } from '../../src/api/startServer.ts';
import { NOON, startTestServer, type TestServer } from '../apiServer.ts';

const KEY = 'correct horse – battery';
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

let open: TestServer;
let locked: TestServer;

beforeAll(async () => {
  [open, locked] = await Promise.all([startTestServer(), startTestServer({ apiKey: KEY, host: '0.0.0.0' })]);
});
afterAll(() => Promise.all([open?.close(), locked?.close()]));

/** Starts a second server over the first one's home, with a log that nobody reads. */
async function startSecond(options: { host?: string; apiKey?: string; port?: number }) {
  const { folder, queues } = open;
  return startServer({
    home: folder.home,
    queues,
    clock: { now: () => NOON },
    log: pino({ level: 'silent' }),
    port: 0,
    ...options,
  });
}

describe('where the server listens', () => {
  test('is loopback unless told otherwise', () => {
    expect(open.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test.each([
    ['0.0.0.0', undefined],
    ['::', undefined],
    ['192.0.2.7', undefined],
    ['shop.example', undefined],
    ['0.0.0.0', ''],
    ['0.0.0.0', '  '],
  ])('is not %s with the key %j: it does not start', async (host, apiKey) => {
    await expect(startSecond({ host, apiKey })).rejects.toMatchObject({
      code: 'API_KEY_NEEDED',
      remedy: expect.stringContaining('CLV_API_KEY'),
    });
  });

  test.each(['localhost', '127.0.0.2', '::1', '[::1]'])('may be %s without a key', async (host) => {
    const server = await startSecond({ host });
    await server.close();
    expect(new URL(server.url).port).not.toBe('');
  });

  test('cannot be a port that is taken: the sentence says which', async () => {
    const port = Number(new URL(open.url).port);
    await expect(startSecond({ port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `Port ${port} on 127.0.0.1 is taken by another program.`,
    });
  });

  test('is free again after close', async () => {
    const first = await startSecond({});
    const port = Number(new URL(first.url).port);
    await first.close();
    const second = await startSecond({ port });
    await second.close();
    expect(second.url).toBe(first.url);
  });
});

describe('a server with a key', () => {
  const EVERYWHERE = [
    ['GET', '/'],
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/openapi.json'],
    ['POST', '/api/score-runs'],
    ['GET', '/api/jobs/x'],
    ['GET', '/queues'],
    ['GET', '/queues/static/favicon.ico'],
    ['GET', '/queues/api/queues'],
    ['PUT', '/queues/api/queues/scoring/pause'],
    ['GET', '/nowhere'],
  ];

  test.each(EVERYWHERE)('answers 401 to %s %s without it', async (method, path) => {
    const reply = await locked.ask(path, { method });
    expect(reply.status).toBe(401);
    expect(reply.json.error.code).toBe('KEY_NEEDED');
    expect(reply.headers['www-authenticate']).toContain('Basic realm="CLV Horizon"');
  });

  test.each([
    ['a wrong key', 'Bearer correct horse'],
    ['a key that only begins right', `Bearer ${KEY.slice(0, 5)}`],
    ['an empty key', 'Bearer '],
    ['another scheme', `Digest ${KEY}`],
    ['no scheme', KEY],
    ['a wrong password', basic('me', 'wrong')],
    ['the key as the user name', basic('correct', '')],
    ['what is no base64 of a pair', 'Basic !!!!'],
  ])('answers 401 to %s', async (_what, authorization) => {
    const headers = { Authorization: Buffer.from(authorization, 'utf8').toString('latin1') };
    expect((await locked.ask('/healthz', { headers })).status).toBe(401);
  });

  test.each([
    ['as a bearer token', `Bearer ${KEY}`],
    ['as a bearer token, the scheme in any case', `bearer ${KEY}`],
    ['as the password of any user', basic('anybody', KEY)],
    ['as the password of nobody', basic('', KEY)],
  ])('answers to the key %s', async (_what, authorization) => {
    const headers = { Authorization: Buffer.from(authorization, 'utf8').toString('latin1') };
    expect((await locked.ask('/healthz', { headers })).status).toBe(200);
    expect((await locked.ask('/queues', { headers })).status).toBe(200);
  });

  test('answers under whatever name it is reached', async () => {
    const headers = { Authorization: basic('', KEY), Host: 'clv.shop.example' };
    expect((await locked.ask('/healthz', { headers })).status).toBe(200);
  });
});

describe('a server without a key', () => {
  test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.0.0.1:80', '[::1]:3000'])(
    'answers to the name %s',
    async (host) => {
      expect((await open.ask('/healthz', { headers: { Host: host } })).status).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ])('does not answer to the name %s, which may have been turned to this machine', async (host) => {
    const reply = await open.ask('/queues/api/queues', { headers: { Host: host } });
    expect(reply.status).toBe(403);
    expect(reply.json.error.code).toBe('HOST_REFUSED');
  });
});

describe('a state change', () => {
  const CHANGES = [
    ['POST', '/api/score-runs'],
    ['PUT', '/queues/api/queues/scoring/pause'],
    ['POST', '/queues/api/queues/scoring/add'],
  ];
  const FOREIGN = [
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1:80', Host: '127.0.0.1:80' },
  ];

  test.each(CHANGES.flatMap(([method, path]) => FOREIGN.map((headers) => ({ method, path, headers }))))(
    'is refused from another origin: $method $path $headers',
    async ({ method, path, headers }) => {
      const reply = await open.ask(path, { method, headers });
      expect(reply.status).toBe(403);
      expect(reply.json.error.code).toBe('ORIGIN_REFUSED');
      expect(await open.queues.byName.scoring.isPaused()).toBe(false);
    },
  );

  test('is refused from another origin with the key, which browsers add by themselves', async () => {
    const headers = { Authorization: basic('me', KEY), Origin: 'http://evil.example' };
    const reply = await locked.ask('/queues/api/queues/scoring/pause', { method: 'PUT', headers });
    expect(reply.status).toBe(403);
    expect(await locked.queues.byName.scoring.isPaused()).toBe(false);
  });

  test('is done for the board itself and for programs that are no browser', async () => {
    const { scoring } = open.queues.byName;
    const own = { Origin: open.url, 'Sec-Fetch-Site': 'same-origin' };
    await open.ask('/queues/api/queues/scoring/pause', { method: 'PUT', headers: own });
    expect(await scoring.isPaused()).toBe(true);
    await open.ask('/queues/api/queues/scoring/resume', { method: 'PUT' });
    expect(await scoring.isPaused()).toBe(false);
  });

  test('is done for the board behind a proxy that ends TLS and passes Host on', async () => {
    const headers = {
      Authorization: basic('me', KEY),
      Origin: 'https://clv.shop.example',
      Host: 'clv.shop.example:443',
    };
    const reply = await locked.ask('/queues/api/queues/scoring/resume', { method: 'PUT', headers });
    expect(reply.status).toBe(200);
  });

  test('is not reading, which other origins may ask for and browsers keep from them', async () => {
    const reply = await open.ask('/healthz', { headers: { Origin: 'http://evil.example' } });
    expect(reply.status).toBe(200);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('every answer', () => {
  test.each(['/healthz', '/nowhere', '/queues', '/queues/api/queues', '/queues/static/favicon.ico'])(
    'of %s carries the security headers and does not name the framework',
    async (path) => {
      const { headers } = await open.ask(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  test('to an unknown address is a 404 that says what there is', async () => {
    const reply = await open.ask('/api/score-run', { method: 'POST' });
    expect(reply.status).toBe(404);
    expect(reply.json.error).toMatchObject({
      code: 'ROUTE_UNKNOWN',
      message: 'There is no POST /api/score-run.',
      remedy: expect.stringContaining('POST /api/score-runs'),
    });
  });

  test.each([
    ['PUT', '/api/jobs/x', 'GET, HEAD, DELETE'],
    ['GET', '/api/score-runs', 'POST'],
    ['DELETE', '/api/models/x/report.csv', 'GET, HEAD'],
    ['OPTIONS', '/healthz/', 'GET, HEAD'],
  ])('to %s %s, which is served for others, is a 405 that names them: %s', async (method, path, allow) => {
    const reply = await open.ask(path, { method });
    expect([reply.status, reply.headers.allow, reply.json.error]).toEqual([
      405,
      allow,
      {
        code: 'METHOD_NOT_ALLOWED',
        message: `There is no ${method} ${path}, but ${allow.replaceAll(', ', ' and ')}.`,
        remedy: 'Look up in /openapi.json which method does what.',
      },
    ]);
  });

  test('is the same with a slash at the end of the address, and none for other letters', async () => {
    expect((await open.ask('/healthz/')).json).toEqual({ status: 'up' });
    expect((await open.ask('/Healthz')).json.error.code).toBe('ROUTE_UNKNOWN');
    expect((await open.ask('/QUEUES')).json.error.code).toBe('ROUTE_UNKNOWN');
  });

  test.each([{ 'If-None-Match': '*' }, { Expect: 'the-unexpected' }, { Range: 'bytes=0-1' }])(
    'is the whole answer, whatever conditions %j sets',
    async (headers) => {
      const reply = await open.ask('/healthz', { headers });
      expect([reply.status, reply.json]).toEqual([200, { status: 'up' }]);
    },
  );

  test.each(
    ROUTES.filter(isOfApi).map(({ method, path }) => [method.toUpperCase(), path.replace(/:\w+/g, 'x')]),
  )('to %s %s with a query is a 400 that names its keys', async (method, path) => {
    const { status, json } = await open.ask(`${path}?limit=5&page=2&limit=6`, { method });
    expect([status, json?.error]).toMatchObject([
      400,
      {
        code: 'REQUEST_INVALID',
        problems: [
          { path: 'query.limit', message: 'is not a known key (no route of the API has a query)' },
          { path: 'query.page', message: 'is not a known key (no route of the API has a query)' },
        ],
      },
    ]);
  });

  test('to pages, probes and the board may have a query', async () => {
    for (const path of ['/dashboard', '/healthz', '/metrics', '/openapi.json'])
      expect((await open.ask(`${path}?from=mail`)).status, path).toBe(200);
    expect((await open.ask('/queues/queue/scoring?status=failed')).status).toBe(200);
    expect((await open.ask('/queues/api/queues?activeQueue=scoring&page=1')).status).toBe(200);
  });

  test('to an address that is no valid percent-encoding is a 400', async () => {
    const reply = await open.ask('/api/jobs/%E0%A4%A');
    expect(reply.status).toBe(400);
    expect(reply.json.error.code).toBe('REQUEST_INVALID');
  });
});

describe('the log', () => {
  test('has one line a request, without query, headers or body', async () => {
    const before = locked.log.length;
    const headers = { Authorization: basic('me', KEY) };
    await locked.ask('/api/score-runs?token=hush-query', {
      method: 'POST',
      headers,
      body: { cutoff: 'hush-body' },
    });
    const lines = locked.log.slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      msg: 'request',
      method: 'POST',
      path: '/api/score-runs',
      status: 400,
      code: 'REQUEST_INVALID',
      ms: expect.any(Number),
    });
    expect(JSON.stringify(lines)).not.toMatch(/hush|horse|Basic/);
  });
});
