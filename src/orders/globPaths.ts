import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unreadableFile } from './unreadableFile.ts';

/** Any number of folders. */
const CRAWL = '**';
const SIGNS = /[*?[]/;
/** How files end that are still being written. */
const TEMPORARY = /\.tmp$/i;

/** Whether a path has the signs of a glob. */
export function isGlob(path: string): boolean {
  return SIGNS.test(path);
}

/**
 * The files that a glob fits, in alphabetical order. As in a shell no sign of it stands for the point at the beginning of a
 * hidden name: what systems leave behind there is not a shop's. Nor does one fit files that are still being written, unless
 * it names their ending. What fits and cannot be looked at is an OrdersSourceError: without it a shop would be
 * shorter, and nobody would know.
 */
export async function findGlobPaths(glob: string): Promise<string[]> {
  const folder = await folderOf(glob);
  const patterns = glob
    .slice(folder.length)
    .split('/')
    .filter((part) => part !== '');
  return [...new Set(await findBelow(folder, patterns))].sort();
}

/** A folder that is there has its own name, also where that looks like a pattern: only what follows it is one. */
async function folderOf(glob: string): Promise<string> {
  let folder = dirname(glob);
  while (folder !== dirname(folder) && (await look(folder)) === null) folder = dirname(folder);
  return folder;
}

async function findBelow(folder: string, [pattern, ...rest]: readonly string[]): Promise<string[]> {
  if (pattern === CRAWL) {
    const folders = (await list(folder)).filter((it) => it.isDirectory() && !it.name.startsWith('.'));
    // A link to a folder is not followed: it may lead back.
    const deeper = folders.map(({ name }) => findBelow(join(folder, name), [CRAWL, ...rest]));
    return (await Promise.all([findBelow(folder, rest.length === 0 ? ['*'] : rest), ...deeper])).flat();
  }
  const names = isGlob(pattern) ? await namesThatFit(folder, pattern) : [pattern];
  const found = await Promise.all(
    names.map(async (name): Promise<string[]> => {
      const path = join(folder, name);
      const facts = await look(path, isGlob(pattern));
      if (rest.length > 0) return facts?.isDirectory() ? findBelow(path, rest) : [];
      return facts?.isFile() ? [path] : [];
    }),
  );
  return found.flat();
}

async function namesThatFit(folder: string, pattern: string): Promise<string[]> {
  const fits = regExpOf(pattern);
  return (await list(folder))
    .map(({ name }) => name)
    .filter((name) => fits.test(name))
    .filter((name) => pattern.startsWith('.') || !name.startsWith('.'))
    .filter((name) => TEMPORARY.test(pattern) || !TEMPORARY.test(name));
}

/** `*`, `?` and `[a-c]` as in a shell; every other letter is itself. */
function regExpOf(pattern: string): RegExp {
  const parts = pattern.match(/\[[!^]?[^\]]+\]|./gsu) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length < 2 || part[0] !== '[') return part.replace(/[\\^$.+()[\]{}|]/, '\\$&');
    const inside = part.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&');
    return `[${inside}]`;
  });
  try {
    return new RegExp(`^${source.join('')}$`, 'su');
  } catch {
    // A range whose end lies before its beginning has nothing in it.
    return /(?!)/;
  }
}

async function list(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unreadableFile(folder, cause);
  });
}

/** Null where there is nothing, unless it was listed. */
async function look(path: string, isListed = false): Promise<Stats | null> {
  return stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (!isListed && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw unreadableFile(path, cause);
  });
}
