import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unreadableFile } from './unreadableFile.ts';

/** The sign for any number of folders. */
const CRAWL = '**';
const SIGNS = /[*?[]/;
/** The ending of files that are still being written. */
const TEMPORARY = /\.tmp$/i;

/** Whether a path has the signs of a glob. */
export function isGlob(path: string): boolean {
  return SIGNS.test(path);
}

/**
 * The files that match a glob, in alphabetical order. As in a shell, no sign of the glob matches the point at the
 * beginning of a hidden name, because what systems leave behind there is not a shop's data. Files that are still being
 * written match only if the glob names their ending. Throws OrdersSourceError for a match that cannot be looked at:
 * without it some of the orders would be missing, and nobody would notice.
 */
export async function findGlobPaths(glob: string): Promise<string[]> {
  const folder = await folderOf(glob);
  const patterns = glob
    .slice(folder.length)
    .split('/')
    .filter((part) => part !== '');
  return [...new Set(await findBelow(folder, patterns))].sort();
}

/**
 * The longest beginning of the glob that is an existing folder, even if its name looks like a pattern; only the rest is
 * one.
 */
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

/** `*`, `?` and `[a-c]` as in a shell; every other character stands for itself. */
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
    // A range whose end lies before its beginning matches nothing.
    return /(?!)/;
  }
}

async function list(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unreadableFile(folder, cause);
  });
}

/** The facts about a path; null where there is nothing, unless its folder listed it. */
async function look(path: string, isListed = false): Promise<Stats | null> {
  return stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (!isListed && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw unreadableFile(path, cause);
  });
}
