import { isScalar, parseDocument } from 'yaml';
import { replaceFile } from '../artefacts/replaceFile.ts';
import { ClvError } from '../domain/errors.ts';
import type { Home } from './home.ts';
import { parseConfig, readConfigText } from './loadConfig.ts';

/**
 * Sets one value of the home's config if it still is `expected`; gives whether it did. Only the value's own characters
 * change: comments, order and layout stay. Throws ClvError `CONFIG_KEY_ABSENT` where the key is not written in the file.
 */
export async function compareAndSet(
  home: Home,
  path: readonly string[],
  expected: string | null,
  value: string,
): Promise<boolean> {
  const text = await readConfigText(home);
  const node = parseDocument(text).getIn(path, true);
  if (!isScalar(node) || !node.range) {
    throw new ClvError(
      'CONFIG_KEY_ABSENT',
      `${home.configFile} has no key ${path.join('.')} to write ${value} to.`,
      {
        remedy: `Add the line "${path.at(-1)}: null" below "${path[0]}:".`,
      },
    );
  }
  if ((node.value ?? null) !== expected) return false;
  const [start, end] = node.range;
  const gap = start > 0 && /[^\s]/.test(text[start - 1]) ? ' ' : '';
  const changed = `${text.slice(0, start)}${gap}${value}${text.slice(end)}`;
  parseConfig(changed, home.configFile);
  await replaceFile(home.configFile, changed);
  return true;
}
