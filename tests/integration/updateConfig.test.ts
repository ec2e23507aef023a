import { lstat, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { compareAndSet, planConfig, setConfigValues } from '../../src/config/updateConfig.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

const window = [
  { path: ['modeling', 'history_months'], value: 9 },
  { path: ['modeling', 'pred_months'], value: 3 },
];
const write = (text: string) => writeFile(folder.home.configFile, text);
const text = () => readFile(folder.home.configFile, 'utf8');

test('a config that is a link is written where it lies', async () => {
  const kept = `${folder.home.root}/kept.yaml`;
  await rename(folder.home.configFile, kept);
  await symlink(kept, folder.home.configFile);
  await setConfigValues(folder.home, window);
  expect((await lstat(folder.home.configFile)).isSymbolicLink()).toBe(true);
  expect(await readFile(kept, 'utf8')).toContain('history_months: 9');
});

test('only the characters of the values change', async () => {
  await write('# mine\nmodeling:\n  history_months:   12   # a year\n  pred_months: 6\n\n# the end\n');
  await setConfigValues(folder.home, window);
  expect(await text()).toBe(
    '# mine\nmodeling:\n  history_months:   9   # a year\n  pred_months: 3\n\n# the end\n',
  );
});

test('a value that was left out before a comment is set before it', async () => {
  await write('modeling:\n  history_months: 12\n  pred_months: 6\nrun:\n  last_score_cutoff:   # next run\n');
  await compareAndSet(folder.home, ['run', 'last_score_cutoff'], null, '2025-02-03');
  expect(await text()).toContain('  last_score_cutoff:   2025-02-03 # next run\n');
});

test.each([
  [
    'below its section',
    'modeling: # ours\n  # the seed\n  seed: 7\n',
    'modeling: # ours\n  pred_months: 3\n  history_months: 9\n  # the seed\n  seed: 7\n',
  ],
  [
    'with its section',
    'general:\n  timezone: UTC',
    'general:\n  timezone: UTC\nmodeling:\n  pred_months: 3\n  history_months: 9\n',
  ],
  ['in an empty file', '', 'modeling:\n  pred_months: 3\n  history_months: 9\n'],
])('a key that is not written is put %s', async (_where, before, after) => {
  await write(before);
  await setConfigValues(folder.home, window);
  expect(await text()).toBe(after);
  expect((await loadConfig(folder.home)).modeling).toMatchObject({ history_months: 9, pred_months: 3 });
});

test('a config that an editor or a full disk left empty is refused, and not taken for all defaults', async () => {
  await write(' \n');
  await expect(loadConfig(folder.home)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `${folder.home.configFile} is empty.`,
    remedy: expect.stringContaining('Restore it from a backup'),
  });
});

test('a key two levels down is put below what there is', async () => {
  await write('modeling:\n    seed: 7\n');
  await setConfigValues(folder.home, [{ path: ['modeling', 'forest', 'trees'], value: 50 }]);
  expect(await text()).toBe('modeling:\n    forest:\n      trees: 50\n    seed: 7\n');
});

test('one impossible value keeps all of them out', async () => {
  const before = await text();
  const changes = [...window, { path: ['modeling', 'forest', 'trees'], value: 0 }];
  await expect(setConfigValues(folder.home, changes)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  expect(await text()).toBe(before);
});

test('where there is no place for a key the person is told which line to add', async () => {
  const before = 'modeling: { seed: 7 }\n';
  await write(before);
  const refusal = setConfigValues(folder.home, window);
  await expect(refusal).rejects.toMatchObject({
    code: 'CONFIG_KEY_ABSENT',
    remedy: 'Add the line "history_months: 9" below "modeling".',
  });
  expect(await text()).toBe(before);
});

test('a plan writes nothing', async () => {
  const before = await text();
  expect(await planConfig(folder.home, window)).not.toBe(before);
  expect(await text()).toBe(before);
});

test('a value is set only where it still is what was expected', async () => {
  const path = ['run', 'last_score_cutoff'];
  const both = await Promise.all([
    compareAndSet(folder.home, path, null, '2026-01-01'),
    compareAndSet(folder.home, path, null, '2026-02-02'),
  ]);
  expect(both.filter((isSet) => isSet)).toHaveLength(1);
  expect(await compareAndSet(folder.home, path, null, '2026-03-03')).toBe(false);
});
