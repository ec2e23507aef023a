import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMonths } from '../../src/domain/calendar/dates.ts';
import { BASE_FEATURES } from '../../src/domain/features/chooseFeatures.ts';
import { completeForestParams } from '../../src/domain/forest/params.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { fitByTournament, runTournament } from '../../workers/modelBuild/tournament/runTournament.ts';
import { shopAtCutoffs } from '../../workers/modelBuild/tournament/shopAtCutoffs.ts';
import { lazyPool } from '../maturedWindow.ts';
import { openSampleBook } from '../sampleBook.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const END = '2026-01-01';
const PRED_MONTHS = 3;

const pool = lazyPool();
let folder: TemporaryHome;
let book: OrderBook;

beforeAll(async () => {
  folder = await makeHome();
  book = await openSampleBook(folder, { end: END, customers: 2000, months: 20 });
});
afterAll(async () => {
  book?.close();
  await pool.close();
  await folder?.remove();
});

test('a model that knows a season has weights and corrections of forecasts that followed it', async () => {
  const context = { pool, signal: new AbortController().signal, progress: () => undefined };
  const params = { forest: completeForestParams({ trees: 10 }), winsorise: null };
  const measuredAt = { cutoff: addMonths(END, -PRED_MONTHS), predMonths: PRED_MONTHS };
  const shop = shopAtCutoffs(book, { historyMonths: 6, features: BASE_FEATURES }, context);
  const { competition, forecaster } = await runTournament(shop, measuredAt, params, context);
  expect(competition.season).toBeNull();
  expect(forecaster.season).not.toBeNull();
  const again = await fitByTournament(shop, measuredAt, params, context);
  expect(forecaster.stack).toEqual(again.stack);
  expect(forecaster.calibration).toBe(again.calibration);
  expect(forecaster.intervals).toEqual(again.intervals);
});
