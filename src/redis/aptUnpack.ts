import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { PATIENT_APT } from './aptInstall.ts';
import { type Environment, onPath } from './findServerProgram.ts';
import { runQuietly } from './runQuietly.ts';

/**
 * Downloads the server package of the distribution, with those dependencies that this machine lacks, and unpacks it
 * into `target` without installing anything and without root. apt keeps its lists and archives in a temporary folder
 * meanwhile, but checks signatures and resolves dependencies as always.
 *
 * @returns whether `target` now holds `redis-server`, a script that starts the unpacked program
 */
export async function aptUnpack(
  product: 'redis' | 'valkey',
  target: string,
  env: Environment,
): Promise<boolean> {
  // Package and program have the same name.
  const program = `${product}-server`;
  const aptGet = onPath('apt-get', env);
  const dpkgDeb = onPath('dpkg-deb', env);
  if (aptGet === undefined || dpkgDeb === undefined) return false;
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}-`);
  try {
    const lists = join(work, 'apt', 'lists');
    const archives = join(work, 'apt', 'cache', 'archives');
    const tree = join(work, 'tree');
    for (const folder of [join(lists, 'partial'), join(archives, 'partial'), tree]) {
      await mkdir(folder, { recursive: true });
    }
    const settings = [
      `Dir::State=${join(work, 'apt')}`,
      `Dir::State::Lists=${lists}`,
      // What is installed already need not be fetched.
      'Dir::State::status=/var/lib/dpkg/status',
      `Dir::Cache=${join(work, 'apt', 'cache')}`,
      'Debug::NoLocking=1',
      'APT::Sandbox::User=root',
    ].flatMap((setting) => ['-o', setting]);
    const apt = (...words: string[]) => runQuietly([aptGet, ...settings, ...PATIENT_APT, ...words], env);
    await apt('update', '-qq');
    if (!(await apt('install', '--download-only', '-y', '-qq', '--no-install-recommends', program))) {
      return false;
    }
    for (const archive of (await readdir(archives)).filter((name) => name.endsWith('.deb'))) {
      if (!(await runQuietly([dpkgDeb, '-x', join(archives, archive), tree], env))) return false;
    }
    await writeFile(join(work, 'redis-server'), await startScript(work, tree, program));
    await chmod(join(work, 'redis-server'), 0o755);
    await rm(join(work, 'apt'), { recursive: true });
    // The temporary folder was closed to others; the program may be used by other users too.
    await chmod(work, 0o755);
    // Renamed whole, so that nobody ever sees half of it.
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
    return true;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A script that starts the program with the libraries that were unpacked beside it, wherever the folder lies. */
async function startScript(work: string, tree: string, program: string): Promise<string> {
  const files = await readdir(tree, { recursive: true, withFileTypes: true });
  const libraries = files.filter((file) => /^lib.*\.so(\.|$)/.test(file.name)).map((file) => file.parentPath);
  const path = [...new Set(libraries)].map((folder) => `$here/${relative(work, folder)}`).join(':');
  return [
    '#!/bin/sh',
    'here=$(dirname "$0")',
    `LD_LIBRARY_PATH="${path}" exec "$here/tree/usr/bin/${program}" "$@"`,
    '',
  ].join('\n');
}
