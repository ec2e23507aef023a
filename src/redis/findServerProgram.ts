import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RedisMissingError, RedisTooOldError } from './errors.ts';
import { isAtLeast, NEEDED_VERSION, parseProgramVersion, type ServerVersion } from './version.ts';

const run = promisify(execFile);

/** The variables of the environment; `PATH`, `REDIS_BIN` and `REDIS_URL` are used. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A server program on this machine. */
export interface ServerProgram {
  readonly path: string;
  readonly version: ServerVersion;
}

/**
 * The server program to start: `$REDIS_BIN` if set (and then nothing else), else the first of `redis-server`
 * and `valkey-server` on the PATH and the one under `unpacked` that is new enough.
 *
 * @param unpacked the folder that the set-up step fills if it cannot install; see `unpackedFolder`
 * @throws RedisMissingError with three commands when there is none
 * @throws RedisTooOldError when there are only old ones
 */
export async function findServerProgram(
  env: Environment,
  unpacked = unpackedFolder(),
): Promise<ServerProgram> {
  const given = env.REDIS_BIN;
  if (given) {
    const version = await versionOf(given);
    if (version === undefined) {
      throw new RedisMissingError(
        `REDIS_BIN names ${given}, which is no Redis or Valkey server that can be run.`,
        helpfulCommands(env),
      );
    }
    if (!isNewEnough(version)) throw tooOld(given, version);
    return { path: given, version };
  }
  const candidates = [
    onPath('redis-server', env),
    onPath('valkey-server', env),
    join(unpacked, 'redis-server'),
  ];
  let old: ServerProgram | undefined;
  for (const path of candidates) {
    const version = path !== undefined && isExecutable(path) ? await versionOf(path) : undefined;
    if (path === undefined || version === undefined) continue;
    if (isNewEnough(version)) return { path, version };
    old ??= { path, version };
  }
  if (old !== undefined) throw tooOld(old.path, old.version);
  throw new RedisMissingError(
    'No Redis server was found on this machine: neither redis-server nor valkey-server is on the PATH.',
    helpfulCommands(env),
  );
}

/** The folder where the set-up step puts the project's own server: `.clv/redis-server` beside package.json. */
export function unpackedFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, '.clv', 'redis-server');
}

/** The first executable file of this name on `env.PATH`. */
export function onPath(name: string, env: Environment): string | undefined {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && isExecutable(join(folder, name))) return resolve(folder, name);
  }
  return undefined;
}

/** The version of the server program at `path`; undefined if it cannot be run or is something else. */
export async function versionOf(path: string): Promise<ServerVersion | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    return parseProgramVersion(stdout);
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isNewEnough(version: ServerVersion): boolean {
  return isAtLeast(version.compatibleWith, NEEDED_VERSION);
}

function tooOld(path: string, version: ServerVersion): RedisTooOldError {
  return new RedisTooOldError(
    path,
    `${version.product} ${version.number}`,
    NEEDED_VERSION,
    'Install a newer one and name it in REDIS_BIN, or set REDIS_URL to a newer server.',
  );
}

const PACKAGE_COMMANDS: readonly (readonly [program: string, command: string])[] = [
  ['apt-get', 'apt-get install -y redis-server'],
  ['dnf', 'dnf install -y valkey'],
  ['apk', 'apk add redis'],
  ['pacman', 'pacman -S --noconfirm valkey'],
  ['zypper', 'zypper --non-interactive install valkey'],
  ['brew', 'brew install redis'],
];

/** One command for the package manager of this machine, one for Docker, one for a server elsewhere. */
export function helpfulCommands(env: Environment): [string, string, string] {
  const known =
    PACKAGE_COMMANDS.find(([program]) => onPath(program, env) !== undefined) ?? PACKAGE_COMMANDS[0]!;
  const needsSudo = known[0] !== 'brew' && process.getuid?.() !== 0;
  return [
    needsSudo ? `sudo ${known[1]}` : known[1],
    'docker run -d -p 127.0.0.1:6379:6379 redis:7-alpine redis-server --appendonly yes --hz 100 && export REDIS_URL=redis://127.0.0.1:6379',
    'export REDIS_URL=redis://user:password@your-redis-host:6379',
  ];
}
