import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClvError } from '../../src/domain/errors.ts';
import { acquireRedis } from '../../src/redis/acquireRedis.ts';
import { findServerProgram } from '../../src/redis/findServerProgram.ts';

let root: string;
let bin: string;
let unpacked: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clv-bin-'));
  bin = join(root, 'bin');
  unpacked = join(root, 'unpacked');
  mkdirSync(bin);
  mkdirSync(unpacked);
});

afterEach(() => rmSync(root, { recursive: true }));

/** A program that, asked for its version, answers with this line; gives its path. */
function program(folder: string, name: string, answer: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(path, 0o755);
  return path;
}

const redis = (version: string) => `Redis server v=${version} sha=00000000:0 malloc=libc bits=64 build=0`;
const valkey = (version: string) => `Valkey server v=${version} sha=00000000:0 malloc=libc bits=64 build=0`;
const find = (env: Record<string, string> = {}) => findServerProgram({ PATH: bin, ...env }, unpacked);

async function failureOf(search: Promise<unknown>): Promise<ClvError> {
  try {
    await search;
  } catch (error) {
    return error as ClvError;
  }
  throw new Error('nothing failed');
}

describe('the server program', () => {
  it('is the one that REDIS_BIN names, whatever else there is', async () => {
    program(bin, 'redis-server', redis('7.0.15'));
    const given = program(root, 'my-own-server', redis('7.4.1'));
    expect(await find({ REDIS_BIN: given })).toMatchObject({ path: given, version: { number: '7.4.1' } });
  });

  it('is redis-server, else valkey-server from the PATH, else the one that the set-up step unpacked', async () => {
    const last = program(unpacked, 'redis-server', redis('7.0.15'));
    expect((await find()).path).toBe(last);
    const second = program(bin, 'valkey-server', valkey('8.1.1'));
    expect((await find()).path).toBe(second);
    const first = program(bin, 'redis-server', redis('7.0.15'));
    expect((await find()).path).toBe(first);
  });

  it('is not one that is too old where a newer one is to be had', async () => {
    program(bin, 'redis-server', redis('6.0.16'));
    const newer = program(bin, 'valkey-server', valkey('7.2.5'));
    expect((await find()).path).toBe(newer);
  });

  it('that is too old is refused by name', async () => {
    const old = program(bin, 'redis-server', redis('6.0.16'));
    const failure = await failureOf(find());
    expect(failure.code).toBe('REDIS_TOO_OLD');
    expect(failure.message).toBe(`${old} is Redis 6.0.16, and BullMQ asks for Redis 6.2.0 or newer.`);
    expect(failure.remedy).toContain('REDIS_BIN');
  });

  it('that REDIS_BIN names and that is none is not silently passed over', async () => {
    program(bin, 'redis-server', redis('7.0.15'));
    const failure = await failureOf(find({ REDIS_BIN: program(root, 'other', 'hello') }));
    expect(failure.code).toBe('REDIS_MISSING');
    expect(failure.message).toContain(join(root, 'other'));
    expect((await failureOf(find({ REDIS_BIN: join(root, 'nowhere') }))).code).toBe('REDIS_MISSING');
  });
});

describe('where there is no server program', () => {
  const commandsOf = (failure: ClvError) =>
    failure.remedy!.split('\n').filter((line) => line.startsWith('  '));

  it('one message gives three commands: the package manager, Docker, REDIS_URL', async () => {
    program(bin, 'apt-get', 'apt');
    const failure = await failureOf(find());
    expect(failure.code).toBe('REDIS_MISSING');
    const commands = commandsOf(failure);
    expect(commands).toHaveLength(3);
    expect(commands[0]).toMatch(/apt-get install -y redis-server$/);
    expect(commands[1]).toMatch(/^ {2}docker run .*127\.0\.0\.1:6379/);
    expect(commands[2]).toMatch(/^ {2}export REDIS_URL=redis:\/\//);
  });

  it('the first command is for the package manager that this machine has', async () => {
    program(bin, 'brew', 'Homebrew');
    expect(commandsOf(await failureOf(find()))[0]).toBe('  brew install redis');
    program(bin, 'dnf', 'dnf');
    expect(commandsOf(await failureOf(find()))[0]).toMatch(/dnf install -y valkey$/);
  });

  it('acquiring ends with that message and leaves no lock and no record behind', async () => {
    const acquire = (env: Record<string, string>) => acquireRedis({ homeRoot: root, env, log: () => {} });
    // Not a program: an environment in which the set-up step's folder is out of reach, too.
    const failure = await failureOf(acquire({ PATH: bin, REDIS_BIN: join(root, 'nowhere') }));
    expect(failure.code).toBe('REDIS_MISSING');
    const lease = await acquire({ ...(process.env as Record<string, string>), REDIS_URL: '' });
    expect(lease.origin).toBe('private');
    await lease.release();
  });
});
