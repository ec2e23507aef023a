import { stat } from 'node:fs/promises';
import { Duck } from '../tables/duck.ts';
import { findSourceFiles } from './sourceFiles.ts';

/**
 * Tells cheaply whether the files of a path or glob are still those that were read: names, sizes and times of change.
 * Throws OrdersSourceError where there are none.
 */
export async function sourceSignature(source: string): Promise<string> {
  const file = await stat(source).catch(() => null);
  const paths = file?.isFile() ? [source] : await pathsOfGlob(source);
  const states = await Promise.all(paths.map((path) => stat(path)));
  return paths.map((path, i) => `${path}:${states[i].size}:${states[i].mtimeMs}`).join('\n');
}

async function pathsOfGlob(source: string): Promise<string[]> {
  const duck = await Duck.open({ threads: 1 });
  try {
    return (await findSourceFiles(duck, source)).map((file) => file.path);
  } finally {
    duck.close();
  }
}
