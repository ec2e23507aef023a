import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { ClvError } from '../domain/errors.ts';
import { closestName } from '../domain/words/closestName.ts';
import type { Home } from './home.ts';
import { issueWords } from './issueWords.ts';
import { configSchema, type ModelConfig } from './schema.ts';

/** There is no config in the home. */
export class ConfigMissingError extends ClvError {}

/** The config cannot be used; every problem is on a line of its own, with its line number and the path of the key. */
export class ConfigInvalidError extends ClvError {}

/** Reads and checks the home's config. Throws ConfigMissingError or ConfigInvalidError. */
export async function loadConfig(home: Home): Promise<ModelConfig> {
  const text = await readConfigText(home);
  if (text.trim() === '') throw emptyConfig(home.configFile);
  return parseConfig(text, home.configFile);
}

/** An editor that died, or a full disk, leaves nothing: to take it for all defaults would end the shop's calendar. */
function emptyConfig(file: string): ConfigInvalidError {
  return new ConfigInvalidError('CONFIG_INVALID', `${file} is empty.`, {
    remedy: 'Restore it from a backup. For a fresh one with every default, delete it and give: clv init',
    values: { file },
  });
}

/** The text of the home's config. Throws ConfigMissingError. */
export async function readConfigText(home: Home): Promise<string> {
  try {
    return await readFile(home.configFile, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      throw new ConfigInvalidError('CONFIG_UNREADABLE', `${home.configFile} cannot be read: ${message}.`, {
        remedy: 'It has to be a file that this user may read.',
        cause,
      });
    }
    throw new ConfigMissingError(
      'CONFIG_MISSING',
      `${home.root} is not a home yet: ${home.configFile} cannot be read.`,
      {
        remedy:
          code === 'ENOTDIR'
            ? 'A part of this path is a file and not a folder: name the folder of the shop with --home.'
            : `Make one with: clv init --home ${home.root}`,
        cause,
      },
    );
  }
}

/**
 * Throws ConfigMissingError where there is no home. It is for commands that do not need the config: without it they
 * would find nothing, and nothing wrong, where the path of the home was mistyped.
 */
export async function demandHome(home: Home): Promise<void> {
  await readConfigText(home);
}

/** Checks the text of a config. Throws ConfigInvalidError with every problem that was found. */
export function parseConfig(text: string, file: string): ModelConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const [error] = document.errors;
    // The parser says the place once more, and a colon before the line as it stands.
    const says = error.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '');
    const problem = `line ${lineAt(error.pos[0])}: ${says}`;
    throw invalid(file, [problem], error);
  }
  const astray = strayAliases(document, lineAt);
  if (astray.length > 0) throw invalid(file, astray);
  const result = configSchema.safeParse(plainValue(document, file) ?? {});
  if (result.success) return result.data;
  throw invalid(
    file,
    result.error.issues.flatMap((issue) => describeIssue(document, issue, lineAt)),
  );
}

/** The aliases without an anchor: in `orders: *.csv` YAML sees an alias, where a glob was meant. */
function strayAliases(document: Document, lineAt: (offset: number) => number): string[] {
  const problems: string[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      const line = lineAt(alias.range?.[0] ?? 0);
      problems.push(
        `line ${line}: *${alias.source} is an alias to YAML, and nothing has that name; put text that begins with * in quotes: "*${alias.source}"`,
      );
    },
  });
  return problems;
}

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw invalid(file, [(cause as Error).message], cause);
  }
}

function invalid(file: string, problems: readonly string[], cause?: unknown): ConfigInvalidError {
  return new ConfigInvalidError('CONFIG_INVALID', `${file} cannot be used:\n  ${problems.join('\n  ')}`, {
    remedy: 'Correct the lines named; every key is explained by a comment in a fresh config (clv init).',
    values: { file, problems },
    cause,
  });
}

function describeIssue(
  document: Document,
  issue: z.core.$ZodIssue,
  lineAt: (offset: number) => number,
): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const closest = closestName(key, known);
      const hint = closest === null ? `known here: ${known.join(', ')}` : `did you mean ${closest}?`;
      return `line ${lineOf(document, [...path, key], lineAt)}: ${[...path, key].join('.')} is not a known key (${hint})`;
    });
  }
  const value = document.getIn(issue.path);
  const shown = isNode(value) ? '' : ` is ${JSON.stringify(value)}`;
  const what = path.length === 0 ? 'the whole file' : path.join('.');
  return [`line ${lineOf(document, path, lineAt)}: ${what}${shown}; ${issueWords(issue)}`];
}

/** The line of a key; if the key is absent, that of the nearest key above it that is there. */
function lineOf(document: Document, path: readonly string[], lineAt: (offset: number) => number): number {
  let node: unknown = document.contents;
  let line = 1;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      if (pair === undefined) return line;
      if (isScalar(pair.key) && pair.key.range) line = lineAt(pair.key.range[0]);
      node = pair.value;
    } else {
      node = document.getIn(path.slice(0, path.indexOf(step) + 1), true);
      if (isNode(node) && node.range) line = lineAt(node.range[0]);
    }
  }
  return line;
}

function knownKeys(path: readonly string[]): string[] {
  let defaults: unknown = configSchema.parse({});
  for (const step of path) defaults = (defaults as Record<string, unknown> | undefined)?.[step];
  return typeof defaults === 'object' && defaults !== null ? Object.keys(defaults) : [];
}
