import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { programVersion } from '../../src/registry/programVersions.ts';
import { startHttpReceiver, startMailReceiver } from '../receivers.ts';
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

test.skipIf(!existsSync('/proc/self'))(
  'a home where the system lets nobody make a folder is refused with a sentence, and does not hang',
  async () => {
    const said = await failure(['init', '--home', '/proc/no/such/home']);
    expect(said).toContain('The file system there takes no new folders: name a folder on another one.');
    expect(said).not.toContain('    at ');
  },
);

test('a test of the channels says what each did, and promises no other attempt', async () => {
  const [web, mail] = await Promise.all([startHttpReceiver(), startMailReceiver()]);
  onTestFinished(() => Promise.all([web.close(), mail.close()]).then(() => undefined));
  web.answer(503);
  mail.answer('RCPT TO:<gone@example.org>', '550 no such user');
  await folder.configure('    webhook: null', `    webhook: { url: "${web.url}", secret_env: HOOK }`);
  await folder.configure(
    '    email: null',
    `    email: { host: 127.0.0.1, port: ${mail.port}, security: none, from: clv@example.org, to: [ada@example.org, gone@example.org] }`,
  );
  const { code, stdout } = await promisify(execFile)(process.execPath, [MAIN, 'alerts', 'test'], {
    env: { ...process.env, CLV_HOME: folder.home.root, HOOK: 'x' },
  }).catch((error) => error);
  expect([code, stdout]).toEqual([
    1,
    '✗ webhook  The webhook answered 503.\nA test is not tried again; an alert is, for about an hour.\n' +
      '✗ email  The mail server took the message, but not for gone@example.org.\nCorrect these addresses in monitoring.alerts.email.to.\n',
  ]);
});

test('help for a word that is no command names it, and the command that was meant', async () => {
  const said = await failure(['help', 'trian']);
  expect(said).toContain("unknown command 'trian'");
  expect(said).toContain('Did you mean train?');
});

test('more months than the calendar has are refused where they are written', async () => {
  const args = ['--cutoff', '2024-01-01', '--history-months', '9999999', '--out', 'x.csv'];
  expect(await failure(['features', ...args])).toContain('It must be a whole number from 1 to 1200.');
});

test.each([
  [['train', '--history-months', '121'], 'whole number from 1 to 120.'],
  [['train', '--pred-months', '61'], 'whole number from 1 to 60.'],
  [['train', '--note', 'x'], '--note goes with --sign-off, and that is not given.'],
  [['train', '--override', 'x'], '--override goes with --sign-off, and that is not given.'],
  [['grid-search', '--history-months', '6,500'], 'whole number from 1 to 120.'],
  [['grid-search', '--pred-months', '6,,3'], 'whole number from 1 to 60.'],
  [['grid-search', '--pred-months', Array(25).fill(3).join()], '24 values at most.'],
  [['grid-search', '--folds', '1'], 'whole number from 2 to 24.'],
  [['grid-search', '--by', ' '], 'It must be a name.'],
  [['train', '--sign-off', '--note', 'x'], 'It must be a name, and this is an option.'],
  [['approve', 'x', '--by', '--note', 'x'], 'It must be a name, and this is an option.'],
  [['serve', '--port', '70000'], 'whole number from 1 to 65535.'],
  [
    ['schedule', '--launch', '2026-01-01', '--until', '9999-12-31'],
    'more than 100 years after the first, 2026-01-01',
  ],
  [['schedule', '--launch', '2026-01-01', '--until', '2025-12-31'], 'lies before the first, 2026-01-01'],
  [
    ['replay', '--from', '2025-01-02', '--to', '2025-01-01', '--out', 'x'],
    'lies before the day of the launch',
  ],
  [['sample', '--out', 'x.csv', '--dirty-share', '2'], 'The sample option "dirty-share" must be'],
  [
    ['sample', '--out', 'x.csv', '--change-at', '2025-01-01'],
    'must be given together with change-at; it is not given',
  ],
  [['sample', '--out', 'x.csv', '--cutoff', '2025-01-01'], 'they go with --truth'],
])('%j is refused before anything is begun: %s', async (args, says) => {
  const said = await failure(args);
  expect(said).toContain(says);
  expect(said).not.toContain('    at ');
});

test.each(['audit', 'alerts', 'drift', 'requests'])(
  '%s finds nothing well in a home that is not there',
  async (command) => {
    const nowhere = `${folder.home.root}/nowhere`;
    expect(await failure([command, '--home', nowhere])).toContain(`${nowhere} is not a home yet`);
  },
);

test('the help of a command says which options it cannot do without', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'approve', '--help']);
  expect(stdout).toMatch(/--by <name> +who decides \(required\)/);
  expect(stdout).not.toMatch(/--ticket .*required/);
});

test('the version is that of the program', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--version']);
  expect(stdout.trim()).toBe(await programVersion());
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
