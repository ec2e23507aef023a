import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { findSourceFiles } from './sourceFiles.ts';
import { unreadableFile } from './unreadableFile.ts';

/**
 * The names, sizes and times of change of the files of a path or glob: a cheap way to see whether they are still those
 * that were read. Throws OrdersSourceError where there are none.
 *
 * @param root a folder by which files below it are named: another process may see it under another path.
 */
export async function sourceSignature(source: string, root: string): Promise<string> {
  const states = await statesOf(source);
  return states.map(({ path, size, mtimeMs }) => `${nameWithin(root, path)}:${size}:${mtimeMs}`).join('\n');
}

function nameWithin(root: string, path: string): string {
  const name = relative(root, path);
  return name.startsWith('..') || isAbsolute(name) ? path : name;
}

/**
 * The last time at which any file of a path or glob was changed, in milliseconds since 1970 UTC: no order in them is of
 * a later day. Throws OrdersSourceError where there are none.
 */
export async function lastChangeMs(source: string): Promise<number> {
  return Math.max(...(await statesOf(source)).map(({ mtimeMs }) => mtimeMs));
}

type FileState = Pick<Stats, 'size' | 'mtimeMs'> & { readonly path: string };

async function statesOf(source: string): Promise<FileState[]> {
  const file = await stat(source).catch(() => null);
  const paths = file?.isFile() ? [source] : (await findSourceFiles(source)).map(({ path }) => path);
  return Promise.all(paths.map(stateOf));
}

async function stateOf(path: string): Promise<FileState> {
  const { size, mtimeMs } = await stat(path).catch((cause) => {
    throw unreadableFile(path, cause);
  });
  return { path, size, mtimeMs };
}
