import { afterAll, beforeAll, expect, test } from 'vitest';
import { BASE_FEATURES } from '../../src/domain/features/chooseFeatures.ts';
import { completeForestParams } from '../../src/domain/forest/params.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { compete } from '../../workers/modelBuild/tournament/runTournament.ts';
import { type ShopAtCutoffs, shopAtCutoffs } from '../../workers/modelBuild/tournament/shopAtCutoffs.ts';
import { lazyPool } from '../maturedWindow.ts';
import { openSampleBook } from '../sampleBook.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const CHANGED = '2025-03-01';
const CUTOFF = '2025-07-01';

const pool = lazyPool();
let folder: TemporaryHome;
let book: OrderBook;

beforeAll(async () => {
  folder = await makeHome();
  const planted = { changeAt: CHANGED, changeFactor: 0.5 };
  book = await openSampleBook(folder, {
    end: '2026-01-01',
    customers: 3000,
    months: 40,
    seed: 5,
    ...planted,
  });
});
afterAll(async () => {
  book?.close();
  await pool.close();
  await folder?.remove();
});

const windows = { historyMonths: 12, features: BASE_FEATURES };
const context = { pool, signal: new AbortController().signal, progress: () => undefined };

/** Forecast over actual revenue of the six months behind the cutoff, less 1. */
async function biasOf(shop: ShopAtCutoffs): Promise<number> {
  const params = { forest: completeForestParams({ trees: 10 }), winsorise: null };
  const { champion, measured } = await compete(shop, { cutoff: CUTOFF, predMonths: 6 }, params, context);
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  return total(champion) / total(measured.actual) - 1;
}

test('customers who have ordered half as often for four months are forecast so', async () => {
  const shop = shopAtCutoffs(book, windows, context);
  const season = await shop.season(CUTOFF);
  expect(season?.shift?.from).toBe(CHANGED);
  expect(Math.abs(Math.log((season?.shift?.factor ?? 0) / 0.5))).toBeLessThan(0.15);
  const unaware: ShopAtCutoffs = {
    ...shopAtCutoffs(book, windows, context),
    season: async () => season && { ...season, shift: null },
  };
  const [aware, before] = [await biasOf(shop), await biasOf(unaware)];
  expect(before).toBeGreaterThan(0.25);
  expect(Math.abs(aware)).toBeLessThan(before / 2);
  // Where a person knows that it is over, as much more is expected as there was before.
  const over = shopAtCutoffs(book, { ...windows, levelShift: 'passes' }, context);
  expect((await over.season(CUTOFF))?.shift?.until).toBe(CUTOFF);
  const factor = season?.shift?.factor ?? 1;
  expect(Math.abs(Math.log(((1 + (await biasOf(over))) / (1 + aware)) * factor))).toBeLessThan(0.15);
});
