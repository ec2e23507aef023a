import { realpath } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import { ClvError } from '../domain/errors.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import type { Home } from './home.ts';
import { parseConfig, readConfigText } from './loadConfig.ts';

/** One value of the config: the path of its key, and what it is to become. */
export interface ConfigChange {
  readonly path: readonly string[];
  readonly value: string | number;
}

/**
 * Sets one value of the home's config if it still is `expected`; returns whether it did. Only the characters of the
 * value change: comments, order and layout stay. Throws ClvError `CONFIG_KEY_ABSENT` where the key is not written in
 * the file.
 */
export async function compareAndSet(
  home: Home,
  path: readonly string[],
  expected: string | null,
  value: string,
): Promise<boolean> {
  // Under the lock, because another process that writes the config at the same moment would undo this change.
  return withRegistryLock(home, async () => {
    const text = await readConfigText(home);
    const node = parseDocument(text).getIn(path, true);
    if (!isScalar(node)) throw absentKey(home.configFile, path, value);
    if ((node.value ?? null) !== expected) return false;
    await replaceConfig(home, changedText(text, [{ path, value }], home.configFile));
    return true;
  });
}

/**
 * The text of the home's config with all of these values. Only the characters of the values change; a key that is not
 * written in the file is added below the key that it belongs to. Nothing is written.
 *
 * @throws ConfigMissingError, ConfigInvalidError; ClvError `CONFIG_KEY_ABSENT` where there is no place for a key.
 */
export async function planConfig(home: Home, changes: readonly ConfigChange[]): Promise<string> {
  return changedText(await readConfigText(home), changes, home.configFile);
}

/**
 * Sets all of these values of the home's config, or none. The caller holds the lock of the registry.
 * Throws what `planConfig` throws, and FileWriteError.
 */
export async function setConfigValues(home: Home, changes: readonly ConfigChange[]): Promise<void> {
  const text = await readConfigText(home);
  const changed = changedText(text, changes, home.configFile);
  if (changed !== text) await replaceConfig(home, changed);
}

/** Replaces the file that the config is, or links to, so that a link stays a link. */
async function replaceConfig(home: Home, text: string): Promise<void> {
  await replaceFile(await realpath(home.configFile), text);
}

function changedText(text: string, changes: readonly ConfigChange[], file: string): string {
  const changed = changes.reduce((before, change) => withValue(before, change, file), text);
  parseConfig(changed, file);
  const document = parseDocument(changed);
  for (const { path, value } of changes) {
    // With an alias or a second document, the change would have ended up elsewhere.
    if (!isDeepStrictEqual(document.getIn(path), value)) throw absentKey(file, path, value);
  }
  return changed;
}

function withValue(text: string, { path, value }: ConfigChange, file: string): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  if (!isScalar(node) || !node.range) return withKey(text, document, { path, value }, file);
  if (node.value === value) return text;
  const [start, end] = node.range;
  const gap = start > 0 && /[^\s]/.test(text[start - 1]) ? ' ' : '';
  // A comment behind a value that was left out may begin right there.
  const gapAfter = /[^\s,}\]]/.test(text[end] ?? '') ? ' ' : '';
  return `${text.slice(0, start)}${gap}${value}${gapAfter}${text.slice(end)}`;
}

/** Adds a missing key on a line of its own, right below the nearest key above it that is there. */
function withKey(text: string, document: Document, { path, value }: ConfigChange, file: string): string {
  const lines = (from: number, indent: string): string =>
    path
      .slice(from)
      .map((key, i, all) => `${indent}${'  '.repeat(i)}${key}:${i === all.length - 1 ? ` ${value}` : ''}\n`)
      .join('');
  for (let depth = path.length - 1; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === path[depth - 1])
      : undefined;
    if (pair === undefined) continue;
    const isBlock = isMap(pair.value) && !pair.value.flow;
    if (!isScalar(pair.key) || !pair.key.range || !isBlock) throw absentKey(file, path, value);
    const indent = isMap(pair.value) ? indentOf(text, pair.value.range?.[0] ?? 0) : '';
    const lineEnd = text.indexOf('\n', pair.key.range[1]) + 1;
    return `${text.slice(0, lineEnd)}${lines(depth, indent)}${text.slice(lineEnd)}`;
  }
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${lines(0, '')}`;
}

function indentOf(text: string, offset: number): string {
  return ' '.repeat(offset - (text.lastIndexOf('\n', offset - 1) + 1));
}

function absentKey(file: string, path: readonly string[], value: string | number): ClvError {
  return new ClvError('CONFIG_KEY_ABSENT', `${file} has no key ${path.join('.')} to write ${value} to.`, {
    remedy: `Add the line "${path.at(-1)}: ${value}" below "${path.slice(0, -1).join('.')}".`,
  });
}
