import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChampion } from '../../src/registry/champion.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { type Bench, openBench } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let redis: TestRedis;
let folder: TemporaryHome;
let bench: Bench;

beforeAll(async () => {
  redis = await startTestRedis();
  folder = await makeHome();
  const shop = { end: '2026-01-01', months: 30 };
  await writeSampleShop({ ...shop, out: `${folder.home.root}/small.csv`, customers: 600 });
  await writeSampleShop({ ...shop, out: `${folder.home.root}/large.csv`, customers: 8000 });
  await folder.configure('trees: 200', 'trees: 5');
  await folder.configure('engine: tournament', 'engine: ml-random-forest');
  await folder.configure('  orders: null', '  orders: small.csv');
  bench = await openBench(folder.home, redis.url);
  await bench.startWorkers();
});
afterAll(async () => {
  await bench?.close();
  await redis?.stop();
  await folder?.remove();
});

test('ml-random-forest trains a small shop, and its model scores like any other', async () => {
  await bench.train('clv_model_20260101_000001');
  const card = await readChampion(folder.home);
  expect(card.hyper_parameters).toMatchObject({ engine: 'ml-random-forest', trees: 5 });
  expect(card.metrics.out_of_time.rmse).toBeGreaterThan(0);
  expect(await bench.score(await bench.runOf('2026-01-01'))).toMatchObject({ bumped: true });
});

test('ml-random-forest refuses a large shop with the measured reason', async () => {
  await folder.configure('orders: small.csv', 'orders: large.csv');
  await expect(bench.train('clv_model_20260101_000002')).rejects.toThrow(
    /refused for \d+ customers: .* Measured: 10 trees/,
  );
  expect((await readChampion(folder.home)).model_id).toBe('clv_model_20260101_000001');
});
