import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorBodySchema } from '../../src/api/errors/errorBody.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

/** Sends bytes as they are; gives all that comes back until the server closes the connection. */
async function send(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return (await socket.setEncoding('latin1').toArray()).join('');
}

test.each([
  ['is no HTTP at all', 'hello there\r\n\r\n', 400, 'REQUEST_INVALID'],
  ['has a header without a name', 'GET /healthz HTTP/1.1\r\n: x\r\n\r\n', 400, 'REQUEST_INVALID'],
  [
    'has longer headers than are read',
    `GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'HEADERS_TOO_LARGE',
  ],
])(
  'a request that %s is refused in the words of this server, and the connection closed',
  async (_what, bytes, status, code) => {
    const [head, body] = (await send(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain('Content-Type: application/json');
    expect(head).toContain('Connection: close');
    expect(errorBodySchema.parse(JSON.parse(body)).error).toMatchObject({
      code,
      message: expect.any(String),
      remedy: expect.any(String),
    });
    expect(server.log).toContainEqual(expect.objectContaining({ msg: 'request', status, code }));
    // Others are answered as before.
    expect((await server.ask('/healthz')).status).toBe(200);
  },
);
