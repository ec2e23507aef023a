import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const MAIN = 'dist/src/cli/main.js';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

/** What a command that fails says. */
async function failure(args: string[], env: Record<string, string> = {}): Promise<string> {
  const failed = await promisify(execFile)(process.execPath, [MAIN, ...args], {
    env: { ...process.env, CLV_HOME: folder.home.root, ...env },
  }).then(
    () => null,
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed?.code).toBe(1);
  return failed?.stderr ?? '';
}

test('what the system refuses is a sentence with its remedy', async () => {
  const file = await folder.write('file', '');
  const said = await failure(['init', '--home', file]);
  expect(said).toContain('A part of this path is a file and not a folder');
  expect(said).not.toContain('    at ');
});

test('more months than the calendar has are refused where they are written', async () => {
  const args = ['--cutoff', '2024-01-01', '--history-months', '9999999', '--out', 'x.csv'];
  expect(await failure(['features', ...args])).toContain('It must be 1200 months at most.');
});

test('a config that cannot be read is not taken for one that is missing', async () => {
  const said = await failure(['score', '--home', await homeWithFolderForConfig()]);
  expect(said).toContain('model_config.yaml cannot be read');
  expect(said).not.toContain('clv init');
});

test('a reader that has enough of the output does not make a command fail', async () => {
  const child = spawn(process.execPath, [MAIN, 'alerts', '--home', folder.home.root], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const [code] = await once(child, 'close');
  expect([code, said]).toEqual([0, '']);
});

async function homeWithFolderForConfig(): Promise<string> {
  const root = `${folder.home.root}/odd`;
  await mkdir(`${root}/config/model_config.yaml`, { recursive: true });
  return root;
}
