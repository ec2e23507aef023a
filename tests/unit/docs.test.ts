import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

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
