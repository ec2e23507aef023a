import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileMemory } from '../../../src/artefacts/files/fileMemory.ts';

let folder: string;
let readings: string[];

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/clv-memory-`);
  readings = [];
});
afterEach(() => rm(folder, { recursive: true }));

async function read(path: string): Promise<string> {
  readings.push(path.slice(folder.length + 1));
  return path;
}

test('of more files than it may know, those that were read first are forgotten', async () => {
  const memory = new FileMemory<string>(2);
  for (const name of ['a', 'b', 'c']) await writeFile(`${folder}/${name}`, name);
  for (const name of ['a', 'b', 'a', 'c', 'b', 'c', 'a']) await memory.recall(`${folder}/${name}`, read);
  expect(readings).toEqual(['a', 'b', 'c', 'a']);
});

test('a file that is open is known by itself, whatever took its place', async () => {
  const memory = new FileMemory<string>();
  const path = `${folder}/a`;
  const recall = async (file: Awaited<ReturnType<typeof open>>) =>
    memory.recallOpen(path, file, async () => {
      readings.push(await file.readFile('utf8'));
      return readings.at(-1) as string;
    });
  await writeFile(path, 'first');
  await using before = await open(path);
  await writeFile(`${folder}/b`, 'other');
  await rename(`${folder}/b`, path);
  await using after = await open(path);
  expect(await Promise.all([recall(before), recall(before)])).toEqual(['first', 'first']);
  expect(await Promise.all([recall(after), recall(after)])).toEqual(['other', 'other']);
  expect(readings).toEqual(['first', 'other']);
});

test('a reading that fails late does not make it forget what was read meanwhile', async () => {
  const memory = new FileMemory<string>();
  const path = `${folder}/a`;
  await writeFile(path, 'first');
  let fail: (error: Error) => void = () => {};
  let failing: Promise<unknown> = Promise.resolve();
  await new Promise<void>((begun) => {
    failing = memory.recall(path, () => {
      begun();
      return new Promise((_, reject) => {
        fail = reject;
      });
    });
  });
  await writeFile(path, 'another');
  await memory.recall(path, read);
  fail(new Error('EIO'));
  await expect(failing).rejects.toThrow('EIO');
  await memory.recall(path, read);
  expect(readings).toEqual(['a']);
});
