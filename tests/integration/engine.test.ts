import { readFile } from 'node:fs/promises';
import { RandomForestRegression } from 'ml-random-forest';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readChampion } from '../../src/registry/champion.ts';
import { readCard } from '../../src/registry/modelCard.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { runClv } from '../runClv.ts';
import { type Bench, openBench } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

/** The model of the library, in service from the start. */
const LIBRARY = 'clv_model_20260101_000001';

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
  await bench.train(LIBRARY);
});
afterAll(async () => {
  await bench?.close();
  await redis?.stop();
  await folder?.remove();
});

/** Changes the config until the test is over. */
async function configureHere(from: string, to: string): Promise<void> {
  await folder.configure(from, to);
  onTestFinished(() => folder.configure(to, from));
}

/** The bounds of every customer in the ranked file of the run, as they are written. */
async function bounds(): Promise<string[][]> {
  const path = `${folder.home.outputs}/clv_ranked_predictions_20260101_pred6m.csv`;
  const [header, ...rows] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const at = header.split(',').indexOf('clv_p10');
  return rows.map((row) => row.split(',').slice(at, at + 3));
}

test('ml-random-forest trains a small shop, and its model scores like any other but for the bounds, which a single forest gives', async () => {
  const card = await readChampion(folder.home);
  expect(card.model_id).toBe(LIBRARY);
  expect(card.hyper_parameters).toMatchObject({ engine: 'ml-random-forest', trees: 5 });
  expect(card.metrics.out_of_time.rmse).toBeGreaterThan(0);
  expect(await bench.score(await bench.runOf('2026-01-01'))).toMatchObject({ bumped: true });
  expect(new Set((await bounds()).flat())).toEqual(new Set(['']));

  // A forest of the program bounds its forecasts by what it learned from.
  await configureHere('engine: ml-random-forest', 'engine: forest');
  await bench.train('clv_model_20260101_000004');
  await bench.score(await bench.runOf('2026-01-01'));
  const rows = (await bounds()).map((cells) => cells.map(Number));
  for (const [p10, p50, p90] of rows) {
    expect(p10).toBeGreaterThanOrEqual(0);
    expect(p50).toBeGreaterThanOrEqual(p10);
    expect(p90).toBeGreaterThanOrEqual(p50);
  }
  expect(rows.filter(([p10, , p90]) => p90 > p10).length).toBeGreaterThan(rows.length / 2);
});

test('export writes a forest that ml-random-forest and ONNX predict the same from', async () => {
  const { home } = folder;
  const [json, onnx] = [`${home.root}/model.json`, `${home.root}/model.onnx`];
  for (const out of [json, onnx]) {
    const where = { redisUrl: redis.url, home: home.root };
    const { code, stdout } = await runClv(where, ['export', LIBRARY, '--out', out]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/: 5 trees, 32 features in the order/)]);
  }
  const { features } = await readCard(home, LIBRARY);
  const rows = Array.from({ length: 50 }, (_, row) => features.map((_, j) => ((row * 31 + j * 17) % 97) * 3));
  const library = RandomForestRegression.load(JSON.parse(await readFile(json, 'utf8'))).predict(rows);
  const session = await ort.InferenceSession.create(await readFile(onnx));
  const input = new ort.Tensor('float64', Float64Array.from(rows.flat()), [rows.length, features.length]);
  const { prediction } = await session.run({ features: input });
  await session.release();
  expect(new Set(library).size).toBeGreaterThan(10);
  library.forEach((value, row) => {
    expect(Number(prediction.data[row])).toBeCloseTo(value, 2);
  });
});

test('ml-random-forest refuses a large shop with the measured reason', async () => {
  const { model_id } = await readChampion(folder.home);
  await configureHere('orders: small.csv', 'orders: large.csv');
  await expect(bench.train('clv_model_20260101_000002')).rejects.toThrow(
    /refused for \d+ customers: .* Measured: 10 trees/,
  );
  expect((await readChampion(folder.home)).model_id).toBe(model_id);
});
