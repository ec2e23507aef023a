import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { ALL_JOBS } from '../../queues/allJobs.ts';
import { methodsAt } from '../../src/api/methodsAt.ts';
import { refusalsOf } from '../../src/api/openapi/refusalsOf.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { addCommands } from '../../src/cli/commands.ts';
import { configSchema } from '../../src/config/schema.ts';

const PAGES = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'bench/RESULTS.md'],
  ...readdirSync('docs').map((name) => `docs/${name}`),
];
const PROGRAM = ['src', 'queues', 'workers', 'web'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
);

/** All matches of the first group of a pattern in the pages, each with its page. */
function inPages(pattern: RegExp): { readonly page: string; readonly found: string }[] {
  return PAGES.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(pattern)].map(([, found]) => ({ page, found })),
  );
}

/** The long options of a command, and of the commands below it. */
function optionsOf(command: Command): string[] {
  return ['--help', ...command.options.map(({ long }) => `${long}`), ...command.commands.flatMap(optionsOf)];
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replace(/^(`{3,})[\s\S]*?^\1/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every link leads to a file that there is, and to a heading of it', () => {
  const links = inPages(/\]\(([^)\s]+)\)/g).filter(({ found }) => !/^https?:/.test(found));
  expect(links.length).toBeGreaterThan(100);
  const broken = links.filter(({ page, found }) => {
    const [path, anchor] = found.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('every file of the project that a page names is there', () => {
  const paths = inPages(/`((?:src|queues|workers|web|kernels|tests|bench|docs)\/[\w./-]+)`/g);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter(({ found }) => !existsSync(found))).toEqual([]);
});

test('every code of an error that a page names is one of the program', () => {
  const ofProgram = new Set(
    PROGRAM.flatMap((text) => text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []),
  );
  const named = inPages(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g).filter(
    ({ found }) => !/^(CLV|REDIS)_/.test(found),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ found }) => !ofProgram.has(found))).toEqual([]);
});

test('the README names every environment variable that the program reads', () => {
  const read = PROGRAM.flatMap((text) => [...text.matchAll(/\benv(?:\.|\(')((?:CLV|REDIS)_[A-Z_]+)/g)]);
  const variables = [...new Set(read.map(([, name]) => name))];
  expect(variables).toContain('CLV_HOST');
  const readme = readFileSync('README.md', 'utf8');
  expect(variables.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('every command that a page names is there, with its options', async () => {
  const program = new Command('clv');
  await addCommands(program, undefined);
  const commands = new Map(program.commands.map((command) => [command.name(), optionsOf(command)]));
  const typed = PAGES.flatMap((page) => {
    // A line that ends in a backslash goes on in the next; what follows a # is a comment.
    const text = readFileSync(page, 'utf8').replace(/\\\n\s*/g, ' ');
    return [...text.matchAll(/(?:^|`|npx )clv ([a-z][a-z-]*)([^`#\n]*)/gm)].map(([words, name, rest]) => ({
      words,
      name,
      options: rest.match(/--[a-z-]+/g) ?? [],
    }));
  }).filter(({ name }) => name !== 'help');
  expect(typed.length).toBeGreaterThan(100);
  expect(
    typed.filter(({ name, options }) => options.some((option) => !commands.get(name)?.includes(option))),
  ).toEqual([]);
  expect(typed.filter(({ name }) => !commands.has(name))).toEqual([]);
});

test('every route that a page names is served', () => {
  const routes = inPages(/`((?:GET|POST|DELETE) \/[^` ]*)`/g).filter(
    ({ found }) => !found.includes('/queues'),
  );
  expect(routes.length).toBeGreaterThan(30);
  const missing = routes.filter(({ found }) => {
    const [method, path] = found.split(' ');
    return !methodsAt(path).includes(method);
  });
  expect(missing).toEqual([]);
});

test('every key of the config that a page names is one', () => {
  const config = configSchema.parse({});
  const keys = inPages(new RegExp(`\`((?:${Object.keys(config).join('|')})\\.[a-z0-9_.]+)`, 'g'));
  expect(keys.length).toBeGreaterThan(50);
  const unknown = keys.filter(({ found }) => {
    const value = found
      .split('.')
      .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], config);
    return value === undefined;
  });
  expect(unknown).toEqual([]);
});

test('every script of npm that a page names is in package.json', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = inPages(/npm run ([\w:-]+)/g);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ found }) => scripts[found] === undefined)).toEqual([]);
});

test('docs/architecture.md names every job, and the queue that it is in', () => {
  const rows = readFileSync('docs/architecture.md', 'utf8').matchAll(
    /^\| +(?:`([a-z-]+)`)? *\| `([a-z-]+)` +\|/gm,
  );
  let queue = '';
  const named = [...rows].map(([, first, job]) => {
    queue = first ?? queue;
    return `${queue} ${job}`;
  });
  expect(named.sort()).toEqual(ALL_JOBS.map(({ queue, name }) => `${queue} ${name}`).sort());
});

test('every code that a route may be refused with is told in the page of the API', () => {
  const page = readFileSync('docs/api.md', 'utf8');
  const codes = new Set(ROUTES.flatMap((route) => [...refusalsOf(route).values()].flat()));
  expect(codes.size).toBeGreaterThan(40);
  // What can be wrong with orders is told there by its beginning.
  expect([...codes].filter((code) => !code.startsWith('ORDERS_') && !page.includes(`\`${code}\``))).toEqual(
    [],
  );
});
