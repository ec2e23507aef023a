import { stat } from 'node:fs/promises';
import { Duck } from '../tables/duck.ts';
import { findSourceFiles } from './sourceFiles.ts';

/**
 * Tells cheaply whether the files of a path or glob are still those that were read: names, sizes and times of change.
 * Throws OrdersSourceError where there are none.
 */
export async function sourceSignature(source: string): Promise<string> {
  const duck = await Duck.open({ threads: 1 });
  try {
    const files = await findSourceFiles(duck, source);
    const states = await Promise.all(files.map((file) => stat(file.path)));
    return files.map((file, i) => `${file.path}:${states[i].size}:${states[i].mtimeMs}`).join('\n');
  } finally {
    duck.close();
  }
}
