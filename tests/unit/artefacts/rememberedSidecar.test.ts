import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inBatches } from '../../../src/artefacts/files/inBatches.ts';
import { rememberedSidecar } from '../../../src/artefacts/rememberedSidecar.ts';
import { readSidecar, writeSidecar } from '../../../src/artefacts/sidecar.ts';

const SIDECAR = {
  ...{ file: 'a.csv', rows: 1, bytes: 2, sha256: 'x', model_id: 'm' },
  ...{ cutoff: '2025-01-01', history_months: 12, pred_months: 6 },
};
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/clv-sidecar-`);
  path = `${folder}/a.csv`;
});
afterEach(() => rm(folder, { recursive: true }));

test('a sidecar that stays as it is is read once', async () => {
  await writeSidecar(path, SIDECAR);
  const first = await rememberedSidecar(path);
  expect(first).toEqual(await readSidecar(path));
  expect(await rememberedSidecar(path)).toBe(first);
});

test('one that was written again is read again, also to the same length', async () => {
  await writeSidecar(path, SIDECAR);
  await rememberedSidecar(path);
  await writeSidecar(path, { ...SIDECAR, sha256: 'y' });
  expect((await rememberedSidecar(path))?.sha256).toBe('y');
});

test('one that is damaged is told as such until it is mended, and one that is gone is none', async () => {
  await writeFile(`${folder}/a.meta.json`, '{');
  await expect(rememberedSidecar(path)).rejects.toThrow(/a\.meta\.json is damaged/);
  await expect(rememberedSidecar(path)).rejects.toThrow(/a\.meta\.json is damaged/);
  await writeSidecar(path, SIDECAR);
  expect(await rememberedSidecar(path)).toEqual(SIDECAR);
  await rm(`${folder}/a.meta.json`);
  expect(await rememberedSidecar(path)).toBeNull();
});

test('work in batches keeps the order of the items, and is never at more than a batch at once', async () => {
  let [now, most] = [0, 0];
  const items = Array.from({ length: 200 }, (_, i) => i);
  const done = await inBatches(items, async (item) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
    return 2 * item;
  });
  expect(done).toEqual(items.map((item) => 2 * item));
  expect(most).toBe(64);
});
