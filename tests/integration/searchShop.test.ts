import { afterAll, beforeAll, expect, test } from 'vitest';
import { gridSearchSettings } from '../../src/config/gridSearchSettings.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { forgetSearchShop, withSearchShop } from '../../workers/modelBuild/openSearchShops.ts';
import type { SearchShop } from '../../workers/modelBuild/searchShop.ts';
import { type ComputePool, createComputePool } from '../../workers/pool.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestOrders } from '../testShop.ts';

let folder: TemporaryHome;
let pool: ComputePool;

beforeAll(async () => {
  folder = await makeHome();
  await writeTestOrders(folder, { customers: 300, trees: 10, engine: 'forest' });
  pool = createComputePool({ threads: 1 });
});
afterAll(async () => {
  forgetSearchShop(folder.home.root);
  await pool.close();
  await folder.remove();
});

/** Works on a cell of a search over one length of history. */
async function onShop<T>(historyMonths: number, use: (shop: SearchShop) => Promise<T>): Promise<T> {
  const config = await loadConfig(folder.home);
  const settings = gridSearchSettings(config, { historyMonths: [historyMonths], predMonths: [3] });
  return withSearchShop({ home: folder.home, clock: TEST_CLOCK, pool }, config, settings, null, use);
}

/** How many customers a fold is fitted on. */
async function askOrders(shop: SearchShop, historyMonths: number): Promise<number> {
  const settings = gridSearchSettings(await loadConfig(folder.home));
  const fold = { index: 0, trainCutoff: '2025-04-01', validationCutoff: '2025-07-01' };
  const [{ matrix }] = await shop.foldData({ historyMonths, predMonths: 3 }, [fold], settings);
  return matrix.rows;
}

test('a cell keeps its orders while a cell of another search begins, and ends', async () => {
  const customers = await onShop(6, async (shop) => {
    await onShop(3, (other) => askOrders(other, 3));
    return askOrders(shop, 6);
  });
  expect(customers).toBeGreaterThan(50);
});

test('a cell keeps its orders when those of the home are let go', async () => {
  const customers = await onShop(6, async (shop) => {
    forgetSearchShop(folder.home.root);
    return askOrders(shop, 6);
  });
  expect(customers).toBeGreaterThan(50);
});

test('cells of one search share what was read, and orders that were let go are read anew', async () => {
  const read = (): Promise<SearchShop> => onShop(6, async (shop) => shop);
  const first = await read();
  expect(await read()).toBe(first);
  forgetSearchShop(folder.home.root);
  expect(await read()).not.toBe(first);
});
