import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { acquireRedis } from '../../src/redis/acquireRedis.ts';
import { type ForeignRedis, freePort, startForeignRedis } from '../redis.ts';

const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

const acquire = (url: string) =>
  acquireRedis({ homeRoot: tmpdir(), env: { ...process.env, REDIS_URL: url }, log: () => {} });
const failureOf = (url: string) => acquire(url).catch((error) => error);

async function foreignRedis(settings: readonly string[] = []): Promise<ForeignRedis> {
  const server = await startForeignRedis(settings);
  running.push(server);
  return server;
}

/** A TCP server that does what it is told with whoever connects; gives its port. */
async function listenWith(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push({
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
  return (server.address() as { port: number }).port;
}

describe('REDIS_URL', () => {
  it('is used as it stands, and its server is left running', async () => {
    const server = await foreignRedis(['--appendonly', 'yes']);
    const lease = await acquire(server.url);
    expect(lease).toMatchObject({ url: server.url, origin: 'REDIS_URL', warnings: [] });
    expect(lease.address).toBe(`127.0.0.1:${server.port}`);
    expect(lease.version).toMatch(/^(Redis|Valkey) \d/);
    await lease.release();
    const client = new Redis(server.url);
    expect(await client.ping()).toBe('PONG');
    await client.quit();
  });

  it('with a policy that evicts keys is warned about by name, and the policy is not touched', async () => {
    const server = await foreignRedis(['--maxmemory-policy', 'allkeys-lru']);
    const lease = await acquire(server.url);
    const warning = lease.warnings.find((text) => text.includes('allkeys-lru'));
    expect(warning).toContain('CONFIG SET maxmemory-policy noeviction');
    const client = new Redis(server.url);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'allkeys-lru']);
    await client.quit();
  });

  it('with a server that is too old is refused by name', async () => {
    // No such server is to be had any more; this one answers INFO as it did.
    const info = 'redis_version:5.0.7\r\nprocess_id:1\r\nrole:master\r\n';
    const port = await listenWith((socket) => {
      socket.on('data', () => socket.write(`$${info.length}\r\n${info}\r\n`));
    });
    const failure = await failureOf(`redis://127.0.0.1:${port}`);
    expect(failure.code).toBe('REDIS_TOO_OLD');
    expect(failure.message).toBe(
      `The server at 127.0.0.1:${port} is Redis 5.0.7, and BullMQ asks for Redis 6.2.0 or newer.`,
    );
  });

  it('where nobody listens gets a sentence at once, without the password', async () => {
    const port = await freePort();
    const started = performance.now();
    const failure = await failureOf(`redis://:top-secret@127.0.0.1:${port}`);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(failure.code).toBe('REDIS_UNREACHABLE');
    expect(failure.message).toBe(`Redis at 127.0.0.1:${port} refuses connections: no server listens there.`);
    expect(failure.toSentences()).not.toContain('top-secret');
  });

  it('where somebody listens and never answers gets a sentence in seconds', async () => {
    const port = await listenWith(() => {});
    const started = performance.now();
    const failure = await failureOf(`redis://127.0.0.1:${port}`);
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(failure.message).toBe(`Redis at 127.0.0.1:${port} did not answer within 5 seconds.`);
  });

  it('where another kind of server answers says so', async () => {
    const port = await listenWith((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const failure = await failureOf(`redis://127.0.0.1:${port}`);
    expect(failure.code).toBe('REDIS_UNREACHABLE');
    expect(failure.message).toContain(`Redis at 127.0.0.1:${port} did not answer as a Redis server does`);
  });

  it('with a missing or a wrong password says which', async () => {
    const server = await foreignRedis(['--requirepass', 'right']);
    expect((await failureOf(server.url)).message).toContain('asks for a password');
    expect((await failureOf(`redis://:wrong@127.0.0.1:${server.port}`)).message).toContain(
      'refuses the user name or the password',
    );
    const lease = await acquire(`redis://:right@127.0.0.1:${server.port}`);
    expect(lease.address).toBe(`127.0.0.1:${server.port}`);
  });

  it('that names a replica is refused, because it takes no writes', async () => {
    const primary = await foreignRedis();
    const replica = await foreignRedis(['--replicaof', '127.0.0.1', String(primary.port)]);
    expect((await failureOf(replica.url)).message).toContain('is a replica');
  });

  it.each([
    ['http://127.0.0.1:6379', 'http://'],
    ['127.0.0.1:6379', 'cannot be read'],
    ['redis://', 'names no host'],
    ['redis://:p@ss:word@host:port', 'cannot be read'],
  ])('%s is refused as no address of a Redis server', async (url, reason) => {
    const failure = await failureOf(url);
    expect(failure.code).toBe('REDIS_URL_INVALID');
    expect(failure.message).toContain(reason);
  });
});
