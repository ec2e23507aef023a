import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rememberedSha256 } from '../../../src/artefacts/rememberedSha256.ts';
import { sha256OfFile } from '../../../src/artefacts/sidecar.ts';

let folder: string;
let path: string;
let readings: number;
const read = (file: string) => {
  readings++;
  return sha256OfFile(file);
};

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/clv-sha-`);
  path = `${folder}/file`;
  readings = 0;
});
afterEach(() => rm(folder, { recursive: true }));

test('a file that stays as it is is read once, however many ask at one moment and later', async () => {
  await writeFile(path, 'a');
  const all = await Promise.all([1, 2, 3].map(() => rememberedSha256(path, read)));
  expect(new Set([...all, await rememberedSha256(path, read)])).toEqual(new Set([await sha256OfFile(path)]));
  expect(readings).toBe(1);
});

test('a file that was written again is read again', async () => {
  await writeFile(path, 'a');
  const before = await rememberedSha256(path, read);
  await writeFile(path, 'bc');
  expect(await rememberedSha256(path, read)).toBe(await sha256OfFile(path));
  expect(await rememberedSha256(path, read)).not.toBe(before);
  expect(readings).toBe(2);
});

test('a file that was written again is read again, even with its size and time of writing as they were', async () => {
  const noon = new Date('2026-01-01T12:00:00Z');
  await writeFile(path, 'a');
  await utimes(path, noon, noon);
  await rememberedSha256(path, read);
  await writeFile(path, 'b');
  await utimes(path, noon, noon);
  expect(await rememberedSha256(path, read)).toBe(await sha256OfFile(path));
  expect(readings).toBe(2);
});

test('a reading that failed is not remembered', async () => {
  await writeFile(path, 'a');
  await expect(rememberedSha256(path, () => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO');
  expect(await rememberedSha256(path, read)).toBe(await sha256OfFile(path));
});

test('a file that is not there has none, also where it was there before', async () => {
  await writeFile(path, 'a');
  await rememberedSha256(path, read);
  await rm(path);
  expect(await rememberedSha256(path, read)).toBeNull();
});
