import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureRedisBinary } from '../../src/redis/ensureRedisBinary.ts';
import { onPath } from '../../src/redis/findServerProgram.ts';

const run = promisify(execFile);

/*
 * A machine in a folder: the PATH leads only to `bin`, where a few scripts stand for the package manager.
 * They note how they were called and do what the real ones would, as far as it matters here.
 */
let root: string;
let bin: string;
let unpacked: string;
let said: string[];

const SERVER = [
  '#!/bin/sh',
  'case "$0" in *redis-server) echo "Redis server v=7.0.15 sha=0 malloc=libc bits=64 build=0";; *) exit 1;; esac',
].join('\n');

function script(name: string, lines: readonly string[]): void {
  writeFileSync(join(bin, name), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(bin, name), 0o755);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clv-set-up-'));
  bin = join(root, 'bin');
  unpacked = join(root, '.clv', 'redis-server');
  said = [];
  mkdirSync(bin);
  for (const tool of ['sh', 'env', 'cp', 'mkdir', 'chmod', 'dirname', 'cut'])
    symlinkSync(onPath(tool, process.env)!, join(bin, tool));
  // As an ordinary user the tests get root by this sudo; as root it is not asked.
  script('sudo', ['shift', 'exec "$@"']);
  writeFileSync(join(root, 'server'), SERVER);
  chmodSync(join(root, 'server'), 0o755);
});

afterEach(() => rmSync(root, { recursive: true }));

const ensure = (mayInstall = true, env: Record<string, string> = {}) =>
  ensureRedisBinary({
    mayInstall,
    env: { PATH: bin, ...env },
    unpacked,
    log: (sentence) => said.push(sentence),
  });
const calls = () => readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n');
const noteCall = `echo "$DEBIAN_FRONTEND $*" >> ${'"$CLV_TEST_ROOT"'}/calls`;

/** An apt-get that notes its calls and then does as these lines say. */
function aptGet(lines: readonly string[]): void {
  script('apt-get', [`CLV_TEST_ROOT='${root}'`, noteCall, ...lines]);
}

describe('the set-up step', () => {
  it('does nothing where a server program is', async () => {
    symlinkSync(join(root, 'server'), join(bin, 'redis-server'));
    aptGet(['exit 1']);
    expect((await ensure()).path).toBe(join(bin, 'redis-server'));
    expect(() => calls()).toThrow(/ENOENT/);
    expect(said).toEqual([]);
  });

  it('installs the package that holds the server but no service, unattended and patient with a busy apt', async () => {
    aptGet([
      'case "$*" in *"install "*redis-tools) cp "$CLV_TEST_ROOT/server" "$CLV_TEST_ROOT/bin/redis-check-rdb";; *) exit 100;; esac',
    ]);
    const program = await ensure();
    expect(program).toMatchObject({ path: join(unpacked, 'redis-server'), version: { number: '7.0.15' } });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(
      /^noninteractive .*DPkg::Lock::Timeout=120 .*install -y .*--no-install-recommends redis-tools$/,
    );
    expect(said).toHaveLength(1);
    // And the next time it is simply there.
    await ensure(false);
    expect(calls()).toHaveLength(1);
  });

  it('fetches the package lists when the package is not known yet, even if one source fails', async () => {
    aptGet([
      'case "$*" in',
      '  *update*) mkdir "$CLV_TEST_ROOT/lists"; exit 100;;',
      '  *redis-tools) [ -d "$CLV_TEST_ROOT/lists" ] && cp "$CLV_TEST_ROOT/server" "$CLV_TEST_ROOT/bin/redis-check-rdb";;',
      'esac',
    ]);
    expect((await ensure()).version.number).toBe('7.0.15');
    expect(calls().map((call) => /(install|update)/.exec(call)?.[1])).toEqual([
      'install',
      'update',
      'install',
    ]);
  });

  it('unpacks the package beside the project where nothing may be installed', async () => {
    aptGet([
      'case "$*" in',
      '  *--download-only*redis-server)',
      '    for word in "$@"; do case "$word" in Dir::Cache=*) cache=$(echo "$word" | cut -c 12-);; esac; done',
      '    echo deb > "$cache/archives/redis-server.deb";;',
      '  *install*) exit 100;;',
      'esac',
    ]);
    script('dpkg-deb', [
      'tree="$3"',
      'mkdir -p "$tree/usr/bin" "$tree/usr/lib/x86_64-linux-gnu"',
      `cp '${root}/server' "$tree/usr/bin/redis-server"`,
      `cp '${root}/server' "$tree/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"`,
    ]);
    const program = await ensure();
    expect(program.path).toBe(join(unpacked, 'redis-server'));
    const start = readFileSync(program.path, 'utf8');
    expect(start).toContain('LD_LIBRARY_PATH="$here/tree/usr/lib/x86_64-linux-gnu"');
    // The folder may be moved: nothing in the script says where it is.
    expect(start).not.toContain(root);
  });

  it('ends with three commands where apt fails, and leaves no half-made folder', async () => {
    aptGet(['exit 100']);
    script('dpkg-deb', ['exit 2']);
    const failure = await ensure().catch((error) => error);
    expect(failure.code).toBe('REDIS_MISSING');
    expect((await ensure(false).catch((error) => error)).code).toBe('REDIS_MISSING');
    expect(readdirSync(join(root, '.clv'))).toEqual([]);
  });

  it('installs nothing where it may not, or where REDIS_BIN is merely wrong', async () => {
    aptGet(['exit 0']);
    expect((await ensure(false).catch((error) => error)).code).toBe('REDIS_MISSING');
    expect((await ensure(true, { REDIS_BIN: '/nowhere' }).catch((error) => error)).code).toBe(
      'REDIS_MISSING',
    );
    expect(() => calls()).toThrow(/ENOENT/);
  });
});

describe('the script that npm runs', () => {
  const setUp = (env: Record<string, string>) => run(process.execPath, ['dist/src/redis/setUp.js'], { env });

  it('says in one line what it found', async () => {
    const { stdout } = await setUp({ PATH: process.env.PATH! });
    expect(stdout).toMatch(/^(Redis|Valkey) \d+\.\d+\.\d+: \/.*server\n$/);
  });

  it('has nothing to do where REDIS_URL is set', async () => {
    const { stdout } = await setUp({ PATH: bin, REDIS_URL: 'redis://db:6379' });
    expect(stdout).toBe('Redis: REDIS_URL is set, nothing to set up.\n');
  });

  it('never makes the installation fail', async () => {
    const { stdout } = await setUp({ PATH: bin, REDIS_BIN: '/nowhere' });
    expect(stdout).toContain('REDIS_BIN names /nowhere');
    expect(stdout.split('\n').filter((line) => line.startsWith('  '))).toHaveLength(3);
  });
});
