import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCheckUp } from '../../src/cli/checkUp.ts';
import { findChampion } from '../../src/registry/champion.ts';
import { baselinePath } from '../../src/registry/deployChampion.ts';
import { deployTestChampion } from '../apiServer.ts';
import { openTestShop, type TestShop } from '../testShop.ts';

const OLD = 'clv_model_20250101_000000';
const NEW = 'clv_model_20260101_120000';

/** Why a disk of a megabyte cannot be mounted here; null where it can. */
async function whyNoMount(): Promise<string | null> {
  const folder = await mkdtemp(`${tmpdir()}/clv-mount-`);
  try {
    mount(folder);
    execFileSync('umount', [folder]);
    return null;
  } catch (error) {
    return `mounting takes Linux and its superuser (${(error as Error).message.split('\n')[0]})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function mount(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
}

const obstacle = await whyNoMount();
let shop: TestShop | undefined;

beforeAll(async () => {
  if (obstacle !== null) return;
  shop = await openTestShop({ customers: 800, trees: 60, engine: 'forest' });
  mount(shop.folder.home.models);
  await deployTestChampion(shop.folder.home, OLD);
  await shop.bench.startWorkers();
});
afterAll(async () => {
  if (shop === undefined) return;
  execFileSync('umount', [shop.folder.home.models]);
  await shop.close();
});

test('a disk that is full leaves the champion, no half a file, and a sentence; with room the training succeeds', async (context) => {
  if (shop === undefined) return context.skip(obstacle ?? undefined);
  const { bench, folder } = shop;
  const { models } = folder.home;
  const filler = `${models}/filler`;
  // All but about 40 kB, which is less than the binary.
  await writeFile(filler, Buffer.alloc((1 << 20) - 80 * 1024));
  const names = async () => (await readdir(models, { recursive: true })).sort();
  const [before, baseline] = [await names(), await readFile(baselinePath(folder.home), 'utf8')];
  await expect(bench.train(NEW)).rejects.toThrow(
    /clv_model_20260101_120000\.forest could not be written: ENOSPC[\s\S]*The disk is full\. Make room/,
  );
  expect(await names()).toEqual(before);
  expect(await readFile(baselinePath(folder.home), 'utf8')).toBe(baseline);
  expect((await findChampion(folder.home))?.model_id).toBe(OLD);
  await rm(filler);
  await bench.train(NEW);
  expect((await findChampion(folder.home))?.model_id).toBe(NEW);
});

test('doctor looks at the disks of models and outputs as well, and names the fullest', async (context) => {
  if (shop === undefined) return context.skip(obstacle ?? undefined);
  const { home } = shop.folder;
  const disk = (await runCheckUp(home, () => undefined)).find(({ what }) => what === 'Disk');
  expect(disk).toMatchObject({ state: 'mind', says: `0.0 GiB free at ${home.models}` });
});
