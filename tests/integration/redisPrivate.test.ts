import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identifyProcess } from '../../src/processIdentity.ts';
import { acquireRedis, type RedisLease } from '../../src/redis/acquireRedis.ts';
import { readRecord, type ServerRecord, writeRecord } from '../../src/redis/serverRecord.ts';
import { startForeignRedis, withoutRedisUrl } from '../redis.ts';

let home: string;
let log: string[];
const ownFolder = () => join(home, '.clv', 'redis');
const record = (): ServerRecord => readRecord(ownFolder())!;
const isAlive = (pid: number) => identifyProcess(pid) !== undefined;

function acquire(homeRoot = home): Promise<RedisLease> {
  return acquireRedis({ homeRoot, env: withoutRedisUrl(), log: (sentence) => log.push(sentence) });
}

async function ask<T>(url: string, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on('error', () => {});
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

/**
 * A program of its own that holds a lease: it says "acquired" and how it came by it, and on SIGINT asks its
 * server a last question before it releases and ends.
 */
const PROGRAM = `
  import { acquireRedis } from ${JSON.stringify(resolve('dist/src/redis/acquireRedis.js'))};
  import { Redis } from ${JSON.stringify(resolve('node_modules/ioredis/built/index.js'))};
  const lease = await acquireRedis({ homeRoot: process.argv[1], env: process.env, log: () => {} });
  const stayAlive = setInterval(() => {}, 60_000);
  process.once('SIGINT', async () => {
    const client = new Redis(lease.url, { retryStrategy: () => null });
    console.log(await client.ping());
    await client.quit();
    await lease.release();
    clearInterval(stayAlive);
  });
  console.log('acquired ' + lease.origin);
`;

interface OtherProgram {
  readonly child: ChildProcess;
  nextLine(): Promise<string>;
  readonly ended: Promise<unknown>;
}

const others: ChildProcess[] = [];

/** Starts it as a terminal would: in a process group of its own. */
function startProgram(): OtherProgram {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, home], {
    env: withoutRedisUrl() as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  others.push(child);
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  return {
    child,
    nextLine: async () => (await lines.next()).value ?? 'ended without a word',
    ended: once(child, 'exit'),
  };
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'clv-home-'));
  log = [];
});

afterEach(async () => {
  for (const child of others.splice(0)) child.kill('SIGKILL');
  // Whoever comes last stops what a failed test left behind.
  await (await acquire()).release();
  rmSync(home, { recursive: true, force: true });
});

describe('on a full disk', () => {
  /** The processes that this one has started and that still run. */
  const children = (): string[] =>
    readdirSync(`/proc/${process.pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${process.pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
    );

  // To write to that device is to be told that no space is left.
  it.runIf(process.platform === 'linux').each(['redis.conf', 'server.json.tmp'])(
    'it is said that %s could not be written, and what to do',
    async (name) => {
      mkdirSync(ownFolder(), { recursive: true });
      const before = children();
      symlinkSync('/dev/full', join(ownFolder(), name));
      await expect(acquire()).rejects.toMatchObject({
        code: 'FILE_WRITE_FAILED',
        message: expect.stringMatching(new RegExp(`/\\.clv/redis/${name} could not be written: ENOSPC`)),
        remedy: 'The disk is full. Make room, then try again.',
      });
      // It is tried again every second while a program runs: nothing may stay behind.
      await expect.poll(() => children().filter((child) => !before.includes(child))).toEqual([]);
      rmSync(join(ownFolder(), name));
    },
  );
});

describe('a private server', () => {
  it('is started for the first program and leaves no process behind', async () => {
    const lease = await acquire();
    const { pid } = record().process;
    expect(lease.origin).toBe('private');
    expect(lease.version).toMatch(/^(Redis|Valkey) \d+\.\d+/);
    expect(lease.warnings).toEqual([]);
    expect(await ask(lease.url, (client) => client.ping())).toBe('PONG');
    expect(isAlive(pid)).toBe(true);

    await lease.release();
    expect(isAlive(pid)).toBe(false);
    expect(readRecord(ownFolder())).toBeUndefined();
    await lease.release();
  });

  it('is set up for queues', async () => {
    const lease = await acquire();
    const setting = (name: string) =>
      ask(lease.url, async (client) => ((await client.config('GET', name)) as string[])[1]);
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('everysec');
    expect(await setting('hz')).toBe('100');
    expect(await setting('bind')).toBe('127.0.0.1');
    await lease.release();
  });

  it('lets nobody in without the secret, which only the owner of the home can read', async () => {
    const lease = await acquire();
    const refusal = await ask(`redis://${lease.address}`, (client) => client.get('a')).catch(
      (error: Error) => error.message,
    );
    expect(refusal).toMatch(/NOAUTH/);
    expect(lease.address).not.toContain(record().password);
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(modeOf(ownFolder())).toBe('700');
    expect(modeOf(join(ownFolder(), 'server.json'))).toBe('600');
    expect(modeOf(join(ownFolder(), 'redis.conf'))).toBe('600');
    // Arguments can be read by every user of the machine.
    if (process.platform === 'linux') {
      expect(readFileSync(`/proc/${record().process.pid}/cmdline`, 'utf8')).not.toContain(record().password);
    }
    await lease.release();
  });

  it('works in a home whose name holds blanks, quotes and letters beyond ASCII', async () => {
    const odd = join(home, 'Ada\'s "Käse" shop');
    mkdirSync(odd);
    const lease = await acquire(odd);
    await ask(lease.url, (client) => client.set('key', 'value'));
    expect(readdirSync(join(odd, '.clv', 'redis'))).toContain('appendonlydir');
    await lease.release();
  });

  it.each(['shop [old]', 'shop*', 'shop?'])(
    'works in the home "%s", whose path is no pattern',
    async (name) => {
      const odd = join(home, name);
      mkdirSync(odd);
      const lease = await acquire(odd);
      const bind = await ask(
        lease.url,
        async (client) => ((await client.config('GET', 'bind')) as string[])[1],
      );
      expect(bind).toBe('127.0.0.1');
      expect(readdirSync(join(odd, '.clv', 'redis'))).toContain('appendonlydir');
      await lease.release();
    },
  );

  it('keeps its data from one start to the next', async () => {
    const first = await acquire();
    await ask(first.url, (client) => client.set('alarm', 'in six months'));
    await first.release();

    const second = await acquire();
    expect(second.url).not.toBe(first.url);
    expect(await ask(second.url, (client) => client.get('alarm'))).toBe('in six months');
    await second.release();
  });

  it('that dies is back on the same address with its data while somebody uses it', async () => {
    const lease = await acquire();
    const firstPid = record().process.pid;
    const client = new Redis(lease.url, { maxRetriesPerRequest: null });
    client.on('error', () => {});
    // With `everysec` the last second may be lost; here nothing may.
    await client.config('SET', 'appendfsync', 'always');
    await client.set('alarm', 'in six months');

    process.kill(firstPid, 'SIGKILL');
    await once(client, 'close');
    expect(await client.get('alarm')).toBe('in six months');
    expect(record().process.pid).not.toBe(firstPid);
    expect(log.join()).toContain('started again');
    client.disconnect();

    const secondPid = record().process.pid;
    await lease.release();
    expect(isAlive(secondPid)).toBe(false);
  });
});

describe('several programs on one home', () => {
  it('find a server that died where it was, even if its first restart failed', async () => {
    const data = join(ownFolder(), 'appendonlydir');
    const known: (ServerRecord | undefined)[] = [];
    const one = await acquireRedis({
      homeRoot: home,
      env: withoutRedisUrl(),
      log: (sentence) => {
        if (sentence.includes('could not be started again')) known.push(readRecord(ownFolder()));
      },
    });
    const { port, password, process: server } = record();
    renameSync(data, `${data}.aside`);
    writeFileSync(data, '');
    process.kill(server.pid, 'SIGKILL');
    await expect
      .poll(() => known, { timeout: 10_000 })
      .toEqual([expect.objectContaining({ port, password })]);
    rmSync(data);
    renameSync(`${data}.aside`, data);
    const newcomer = await acquire();
    expect(newcomer.url).toBe(one.url);
    await newcomer.release();
    await one.release();
  });

  it('are told if their server is at another address now', async () => {
    const one = await acquire();
    const { process: server } = record();
    rmSync(join(ownFolder(), 'server.json'));
    const newcomer = await acquire();
    expect(newcomer.url).not.toBe(one.url);
    process.kill(server.pid, 'SIGKILL');
    await expect.poll(() => log.join(), { timeout: 10_000 }).toContain('runs at another address now');
    await newcomer.release();
    await one.release();
  });

  it('find a server that died where it was, even if a newcomer is the first to notice', async () => {
    const one = await acquire();
    process.kill(record().process.pid, 'SIGKILL');
    const newcomer = await acquire();
    expect(newcomer.url).toBe(one.url);
    expect(await ask(one.url, (client) => client.ping())).toBe('PONG');
    await newcomer.release();
    expect(await ask(one.url, (client) => client.ping())).toBe('PONG');
    const { pid } = record().process;
    await one.release();
    expect(isAlive(pid)).toBe(false);
  });

  it('share one server when they come at the same moment, and the last one stops it', async () => {
    const leases = await Promise.all([acquire(), acquire(), acquire()]);
    expect(new Set(leases.map((lease) => lease.url)).size).toBe(1);
    expect(leases.map((lease) => lease.origin).sort()).toEqual([
      'private',
      'shared-private',
      'shared-private',
    ]);
    const { pid } = record().process;

    const [last, ...early] = leases;
    await Promise.all(early.map((lease) => lease.release()));
    expect(await ask(last!.url, (client) => client.ping())).toBe('PONG');
    await last!.release();
    expect(isAlive(pid)).toBe(false);
  });

  it('share one server across processes', async () => {
    const [one, two] = [startProgram(), startProgram()];
    const origins = await Promise.all([one.nextLine(), two.nextLine()]);
    expect(origins.sort()).toEqual(['acquired private', 'acquired shared-private']);
    const { pid } = record().process;

    process.kill(one.child.pid!, 'SIGINT');
    expect(await one.nextLine()).toBe('PONG');
    await one.ended;
    expect(isAlive(pid)).toBe(true);

    process.kill(two.child.pid!, 'SIGINT');
    expect(await two.nextLine()).toBe('PONG');
    await two.ended;
    expect(isAlive(pid)).toBe(false);
  });

  it('may come and go at random without ever meeting a stopped server', async () => {
    const visits = Array.from({ length: 12 }, async (_, visit) => {
      const lease = await acquire();
      expect(await ask(lease.url, (client) => client.incr('visits'))).toBeGreaterThan(0);
      if (visit % 3 === 0) expect(await ask(lease.url, (client) => client.ping())).toBe('PONG');
      await lease.release();
    });
    await Promise.all(visits);
    expect(readRecord(ownFolder())).toBeUndefined();
    const lease = await acquire();
    expect(await ask(lease.url, (client) => client.get('visits'))).toBe('12');
    await lease.release();
  });
});

describe('after a program was interrupted', () => {
  it('by Ctrl-C in its terminal, the server outlives the signal until the program releases it', async () => {
    const program = startProgram();
    expect(await program.nextLine()).toBe('acquired private');
    const { pid } = record().process;
    // What a terminal does: the signal goes to the whole process group.
    process.kill(-program.child.pid!, 'SIGINT');
    expect(await program.nextLine()).toBe('PONG');
    expect(await program.ended).toEqual([0, null]);
    expect(isAlive(pid)).toBe(false);
  });

  it('by kill -9, the next program adopts its server and stops it', async () => {
    const program = startProgram();
    expect(await program.nextLine()).toBe('acquired private');
    const { pid } = record().process;
    program.child.kill('SIGKILL');
    await program.ended;
    expect(isAlive(pid)).toBe(true);

    const lease = await acquire();
    expect(lease.origin).toBe('shared-private');
    expect(record().process.pid).toBe(pid);
    await lease.release();
    expect(isAlive(pid)).toBe(false);
  });

  it('by kill -9 while it starts, nothing stands in the way of the next one', async () => {
    // Three times each: as it comes to the lock, with the configuration written, with the record written.
    for (let moment = 0; moment < 9; moment++) {
      const program = startProgram();
      const reached = new Promise<void>((go) => {
        const look = setInterval(() => {
          const stage = existingStage();
          if (stage >= moment % 3) {
            clearInterval(look);
            go();
          }
        }, 1);
      });
      await reached;
      program.child.kill('SIGKILL');
      await program.ended;
      const lease = await acquire();
      expect(await ask(lease.url, (client) => client.ping())).toBe('PONG');
      const { pid } = record().process;
      await lease.release();
      expect(isAlive(pid)).toBe(false);
    }
  });
});

/** How far a starting program has come: 0 not yet at the lock, 1 configuration written, 2 record written. */
function existingStage(): number {
  const names = (() => {
    try {
      return readdirSync(ownFolder());
    } catch {
      return [];
    }
  })();
  if (names.includes('server.json')) return 2;
  return names.includes('redis.conf') ? 1 : 0;
}

describe('on a disk that does not take the lock', () => {
  it('a program that ends says that the server stays, and the next one adopts and stops it', async () => {
    const lease = await acquire();
    const { pid } = record().process;
    const locks = join(ownFolder(), 'locks');
    rmSync(locks, { recursive: true });
    writeFileSync(locks, '');
    await lease.release();
    expect(log).toEqual([
      expect.stringMatching(
        /^The private Redis could not be stopped; the next program of this home takes it over\. .*locks could not be written/,
      ),
    ]);
    expect(isAlive(pid)).toBe(true);
    rmSync(locks);
    const next = await acquire();
    expect(next.origin).toBe('shared-private');
    expect(record().process.pid).toBe(pid);
    await next.release();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a record that is not to be trusted', () => {
  it('because its process is gone is replaced, and its port is not even spoken to', async () => {
    const foreign = await startForeignRedis(['--requirepass', 'theirs']);
    mkdirSync(ownFolder(), { recursive: true });
    writeRecord(ownFolder(), {
      process: { pid: 2 ** 22 - 1, startedAt: '1' },
      port: foreign.port,
      password: 'old',
    });
    const lease = await acquire();
    expect(lease.origin).toBe('private');
    expect(record().port).not.toBe(foreign.port);
    const refused = await ask(`redis://:theirs@127.0.0.1:${foreign.port}`, (client) => client.info('stats'));
    // The one connection is this question's own.
    expect(/total_connections_received:(\d+)/.exec(refused)?.[1]).toBe('1');
    await lease.release();
    await foreign.stop();
  });

  it('because its process number was given to another program is replaced, and that program is left alone', async () => {
    mkdirSync(ownFolder(), { recursive: true });
    writeRecord(ownFolder(), { process: { pid: process.pid, startedAt: '1' }, port: 1, password: 'old' });
    const lease = await acquire();
    expect(lease.origin).toBe('private');
    await lease.release();
  });

  it('because the server there is a foreign one is replaced, and that server is left alone', async () => {
    const foreign = await startForeignRedis();
    mkdirSync(ownFolder(), { recursive: true });
    // The strongest case: process, start and port are right, and it lets everybody in.
    writeRecord(ownFolder(), { process: identifyProcess(foreign.pid)!, port: foreign.port, password: 'any' });
    // ioredis remarks that this server asks for no password.
    const remark = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const lease = await acquire();
    remark.mockRestore();
    expect(lease.origin).toBe('private');
    expect(record().port).not.toBe(foreign.port);
    await lease.release();
    expect(await ask(foreign.url, (client) => client.ping())).toBe('PONG');
    await foreign.stop();
  });

  it('because the home is a copy of one in use gets a server of its own', async () => {
    const original = await acquire();
    const copy = mkdtempSync(join(tmpdir(), 'clv-copy-'));
    cpSync(join(home, '.clv'), join(copy, '.clv'), { recursive: true });
    const lease = await acquire(copy);
    expect(lease.origin).toBe('private');
    expect(lease.address).not.toBe(original.address);
    await lease.release();
    expect(await ask(original.url, (client) => client.ping())).toBe('PONG');
    await original.release();
    rmSync(copy, { recursive: true });
  });

  it('because it is damaged is replaced', async () => {
    mkdirSync(ownFolder(), { recursive: true });
    writeFileSync(join(ownFolder(), 'server.json'), '{"process": {"pid":');
    const lease = await acquire();
    expect(lease.origin).toBe('private');
    await lease.release();
  });
});

describe('a start that fails', () => {
  it('says what the server said, leaves nothing behind, and does not block the next attempt', async () => {
    const first = await acquire();
    await ask(first.url, (client) => client.set('key', 'value'));
    await first.release();
    const aofFolder = join(ownFolder(), 'appendonlydir');
    const manifest = join(aofFolder, readdirSync(aofFolder).find((name) => name.endsWith('.manifest'))!);
    const good = readFileSync(manifest);
    writeFileSync(manifest, 'not a manifest\n');

    const failure = await acquire().catch((error) => error);
    expect(failure.code).toBe('REDIS_START_FAILED');
    expect(failure.message).toMatch(/manifest/i);
    expect(failure.remedy).toContain('appendonlydir');
    expect(readRecord(ownFolder())).toBeUndefined();

    writeFileSync(manifest, good);
    const second = await acquire();
    expect(await ask(second.url, (client) => client.get('key'))).toBe('value');
    await second.release();
  });

  it('for a home that cannot be written names the folder', async () => {
    const file = join(home, 'a-file');
    writeFileSync(file, '');
    const failure = await acquire(file).catch((error) => error);
    expect(failure.code).toBe('REDIS_START_FAILED');
    expect(failure.message).toContain(join(file, '.clv', 'redis'));
  });
});
