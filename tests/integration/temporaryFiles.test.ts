import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFeatureTable } from '../../src/artefacts/featureTable.ts';
import { replaceFileWith } from '../../src/artefacts/files/replaceFile.ts';
import { sweepTemporaryFiles, temporaryName } from '../../src/artefacts/files/temporaryFiles.ts';
import { allocateMatrix } from '../../src/domain/features/matrix.ts';

let folder: string;
let writer: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/clv-temporary-`);
});
afterEach(async () => {
  writer?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const names = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((it) => it.isFile())
    .map((it) => it.name);

/** A process of its own that is in the middle of writing `path`. */
async function startWriting(path: string): Promise<ChildProcess> {
  const module = new URL('../../dist/src/artefacts/files/replaceFile.js', import.meta.url).href;
  const program = `
    const { replaceFileWith } = await import(${JSON.stringify(module)});
    setInterval(() => {}, 1000);
    await replaceFileWith(process.argv[1], async (file) => {
      await file.writeFile('half');
      console.log('writing');
      await new Promise(() => {});
    });`;
  writer = spawn(process.execPath, ['--input-type=module', '--eval', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(writer.stdout!, 'data');
  return writer;
}

test('what a killed process was writing is removed, what a living one writes stays', async () => {
  const child = await startWriting(`${folder}/run_reports/report.json`);
  const [left] = await names();
  expect(left).toMatch(/^report\.json\..*\.tmp$/);
  expect(await sweepTemporaryFiles(folder)).toEqual([]);
  await replaceFileWith(`${folder}/mine.csv`, async (file) => {
    await file.writeFile('whole');
    expect(await sweepTemporaryFiles(folder)).toEqual([]);
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await sweepTemporaryFiles(folder)).toEqual([`${folder}/run_reports/${left}`]);
  expect(await names()).toEqual(['mine.csv']);
});

test('the table that a killed process was writing is removed by the next one beside it', async () => {
  const module = new URL('../../dist/src/artefacts/featureTable.js', import.meta.url).href;
  // The second row is asked for when the file is there and has its first lines.
  const program = `
    const { writeFeatureTable } = await import(${JSON.stringify(module)});
    const ids = Object.defineProperty(['1', '2'], 1, { get: () => process.kill(process.pid, 'SIGKILL') });
    await writeFeatureTable(process.argv[1], ids, { featureNames: [], rows: 2, values: new Float64Array() }, null);`;
  const { signal } = spawnSync(process.execPath, [
    '--input-type=module',
    '--eval',
    program,
    `${folder}/a.parquet`,
  ]);
  expect(signal).toBe('SIGKILL');
  expect(await names()).toEqual([expect.stringMatching(/^a\.parquet\..*\.tmp$/)]);
  await writeFeatureTable(`${folder}/b.csv`, [], allocateMatrix([], 0), null);
  expect(await names()).toEqual(['b.csv']);
});

test('a folder that may hold anything is swept without the folders below it', async () => {
  await mkdir(`${folder}/below`);
  const [own, below] = [`${folder}/a.csv`, `${folder}/below/a.csv`].map((path) =>
    temporaryName(path).replace(/[0-9a-f]{8}(\.[0-9a-f]{8}\.tmp)$/, '00000000$1'),
  );
  for (const path of [own!, below!]) await writeFile(path, '');
  expect(await sweepTemporaryFiles(folder, false)).toEqual([own]);
  expect(await sweepTemporaryFiles(folder)).toEqual([below]);
});

test('a later process with the number of the dead one does not keep its file', async () => {
  const living = temporaryName(`${folder}/a.csv`);
  await writeFile(living, '');
  const [, start] = /-([0-9a-f]{8})\.[0-9a-f]{8}\.tmp$/.exec(living)!;
  const earlier = living.replace(start!, start === '00000000' ? '11111111' : '00000000');
  await rename(living, earlier);
  expect(await sweepTemporaryFiles(folder)).toEqual([earlier]);
});

test('the file of another host stays for a day after its last byte', async () => {
  const foreign = `${folder}/a.csv.00000000-1-00000000.00000000.tmp`;
  await writeFile(foreign, '');
  expect(await sweepTemporaryFiles(folder)).toEqual([]);
  const before = Date.now() / 1000 - 25 * 3600;
  await utimes(foreign, before, before);
  expect(await sweepTemporaryFiles(folder)).toEqual([foreign]);
});

test('files that the program did not name stay, and a folder that is not there has none', async () => {
  await writeFile(`${folder}/orders.csv.tmp`, '');
  expect(await sweepTemporaryFiles(folder)).toEqual([]);
  expect(await names()).toEqual(['orders.csv.tmp']);
  expect(await sweepTemporaryFiles(`${folder}/none`)).toEqual([]);
});
