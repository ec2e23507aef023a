import { stat } from 'node:fs/promises';
import { findSourceFiles } from './sourceFiles.ts';
import { unreadableFile } from './unreadableFile.ts';

/**
 * Tells cheaply whether the files of a path or glob are still those that were read: names, sizes and times of change.
 * Throws OrdersSourceError where there are none.
 */
export async function sourceSignature(source: string): Promise<string> {
  const file = await stat(source).catch(() => null);
  const paths = file?.isFile() ? [source] : (await findSourceFiles(source)).map(({ path }) => path);
  const states = await Promise.all(paths.map(stateOf));
  return states.join('\n');
}

async function stateOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path).catch((cause) => {
    throw unreadableFile(path, cause);
  });
  return `${path}:${size}:${mtimeMs}`;
}
