import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireRedis } from '../src/redis/acquireRedis.ts';
import { findServerProgram } from '../src/redis/findServerProgram.ts';
import { readRecord } from '../src/redis/serverRecord.ts';

/** A real server for one test file, in a temporary home. */
export interface TestRedis {
  readonly url: string;
  /** The temporary home. Programs that are started with it and without REDIS_URL share this very server. */
  readonly homeRoot: string;
  /** Kills the server as a crash would (SIGKILL). It is back on the same url, with its data, within about a second. */
  crash(): void;
  /** Stops the server for good and deletes its data. Close your connections first, unless that is the test. */
  stop(): Promise<void>;
}

/** Starts a private server as the program itself would (about 60 ms), whatever REDIS_URL says. */
export async function startTestRedis(): Promise<TestRedis> {
  const homeRoot = await mkdtemp(join(tmpdir(), 'clv-redis-'));
  const lease = await acquireRedis({ homeRoot, env: withoutRedisUrl(), log: () => {} });
  return {
    url: lease.url,
    homeRoot,
    crash: () => {
      process.kill(readRecord(join(homeRoot, '.clv', 'redis'))!.process.pid, 'SIGKILL');
    },
    stop: async () => {
      await lease.release();
      await rm(homeRoot, { recursive: true, force: true });
    },
  };
}

/** The environment of the tests, as it would be if nobody had set REDIS_URL. */
export function withoutRedisUrl(): Record<string, string | undefined> {
  return { ...process.env, REDIS_URL: undefined };
}

/** A server that is not of the program's making, as an operator would give one in REDIS_URL. */
export interface ForeignRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a plain server with these settings, e.g. `['--maxmemory-policy', 'allkeys-lru']`, in a temporary folder. */
export async function startForeignRedis(settings: readonly string[] = []): Promise<ForeignRedis> {
  const port = await freePort();
  const { path } = await findServerProgram(process.env);
  const folder = await mkdtemp(join(tmpdir(), 'clv-foreign-'));
  const child: ChildProcess = spawn(
    path,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...settings],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const chunk of child.stdout!) if (String(chunk).includes('Ready to accept connections')) break;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid!,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A loopback port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
