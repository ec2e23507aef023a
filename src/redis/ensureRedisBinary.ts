import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { aptInstall } from './aptInstall.ts';
import { aptUnpack } from './aptUnpack.ts';
import { RedisMissingError } from './errors.ts';
import {
  type Environment,
  findServerProgram,
  onPath,
  type ServerProgram,
  unpackedFolder,
  versionOf,
} from './findServerProgram.ts';

/** The names of the products in Debian and Ubuntu. */
const PRODUCTS = ['redis', 'valkey'] as const;

/**
 * The server program of this machine. If there is none and `mayInstall` is true, it is fetched first from the
 * distribution (Debian, Ubuntu and relatives), in a way that never starts a system service:
 *
 * 1. As root, or by a sudo that asks for no password, the package `redis-tools` is installed. It contains the program
 *   of the server under the name `redis-check-rdb`, to which a link is made here. (The package `redis-server` would add
 *   a link, a user, and a service on port 6379, which is not wanted here.)
 * 2. Without root, or if that fails, the package `redis-server` is downloaded and unpacked under `unpacked`.
 *
 * @param options.log called with one sentence about what was installed
 * @param options.unpacked folder for the link or the unpacked program; default `.clv/redis-server` of the project
 * @throws RedisMissingError with three commands; RedisTooOldError if there are only programs that are too old
 */
export async function ensureRedisBinary(options: {
  readonly mayInstall: boolean;
  readonly log: (sentence: string) => void;
  readonly env?: Environment;
  readonly unpacked?: string;
}): Promise<ServerProgram> {
  const { mayInstall, log, env = process.env, unpacked = unpackedFolder() } = options;
  try {
    return await findServerProgram(env, unpacked);
  } catch (error) {
    if (!(error instanceof RedisMissingError) || env.REDIS_BIN || !mayInstall) throw error;
  }
  for (const product of PRODUCTS) {
    if (await linkProgramOfTools(product, unpacked, env)) return findServerProgram(env, unpacked);
  }
  if (onPath('apt-get', env) !== undefined) {
    log('No Redis server is here yet: getting one from the distribution.');
    for (const product of PRODUCTS) {
      const got =
        ((await aptInstall(`${product}-tools`, env)) && (await linkProgramOfTools(product, unpacked, env))) ||
        (await aptUnpack(product, unpacked, env));
      if (got) break;
    }
  }
  return findServerProgram(env, unpacked);
}

/** Links `redis-check-rdb` under the name by which it acts as a server; false if it is missing or does not do so. */
async function linkProgramOfTools(product: string, unpacked: string, env: Environment): Promise<boolean> {
  const tool = onPath(`${product}-check-rdb`, env);
  if (tool === undefined) return false;
  const link = join(unpacked, 'redis-server');
  await mkdir(unpacked, { recursive: true });
  await rm(link, { force: true });
  await symlink(tool, link);
  if ((await versionOf(link)) !== undefined) return true;
  await rm(link, { force: true });
  return false;
}
