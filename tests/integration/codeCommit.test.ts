import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeCommit } from '../../src/registry/codeCommit.ts';

let folder: string;
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/clv-commit-`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the variable of an image counts before git', async () => {
  expect(await codeCommit({ CLV_CODE_COMMIT: 'abc123' }, folder)).toBe('abc123');
});

test('outside any checkout the commit is unknown', async () => {
  expect(await codeCommit({}, folder)).toBe('unknown');
});

test('a checkout gives its commit, and changes that are not committed are marked', async () => {
  git('init', '--quiet');
  git('config', 'user.name', 'Test Person');
  git('config', 'user.email', 'test@example.org');
  await writeFile(`${folder}/program.txt`, 'one');
  git('add', '.');
  git('commit', '--quiet', '--no-verify', '-m', 'One');
  const commit = git('rev-parse', 'HEAD');
  expect(await codeCommit({}, folder)).toBe(commit);
  await writeFile(`${folder}/program.txt`, 'two');
  expect(await codeCommit({}, folder)).toBe(`${commit}+changes`);
});
