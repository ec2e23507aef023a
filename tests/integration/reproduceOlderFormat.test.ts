import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainTraining } from '../../queues/modelBuild.ts';
import { cardPath, forestPath } from '../../src/registry/modelCard.ts';
import { trainChampionProcessor } from '../../workers/modelBuild/trainChampion.ts';
import { lazyPool, openProcessorBench } from '../maturedWindow.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { runClv } from '../runClv.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestOrders } from '../testShop.ts';

const MODEL = 'clv_model_20260101_120000';
const HEADER_BYTES = 64;

const pool = lazyPool();
let folder: TemporaryHome;
let redis: TestRedis;

/** The model's file as a program of version 7 wrote it, and a card that says so. */
async function writeAsVersion7(): Promise<Buffer> {
  const path = forestPath(folder.home, MODEL);
  const now = await readFile(path);
  const jsonEnd = HEADER_BYTES + now.readUInt32LE(12);
  const stored = JSON.parse(now.toString('utf8', HEADER_BYTES, jsonEnd));
  const { byValue } = stored.btyd.model;
  if (byValue !== null) stored.btyd.model.byValue = { first: byValue.first, laws: byValue.groups };
  const json = Buffer.from(JSON.stringify(stored));
  const trees = now.subarray(Math.ceil(jsonEnd / 8) * 8);
  const padding = Buffer.alloc(-(HEADER_BYTES + json.length) & 7);
  const file = Buffer.concat([now.subarray(0, HEADER_BYTES), json, padding, trees]);
  file.writeUInt32LE(7, 8);
  file.writeUInt32LE(json.length, 12);
  file.writeDoubleLE(file.length, 16);
  createHash('sha256').update(file.subarray(0, 32)).update(file.subarray(64)).digest().copy(file, 32);
  await writeFile(path, file);
  const card = JSON.parse(await readFile(cardPath(folder.home, MODEL), 'utf8'));
  card.forest.bytes = file.length;
  card.forest.sha256 = createHash('sha256').update(file).digest('hex');
  await writeFile(cardPath(folder.home, MODEL), JSON.stringify(card));
  return file;
}

const reproduce = () => runClv({ redisUrl: redis.url, home: folder.home.root }, ['reproduce', MODEL]);

beforeAll(async () => {
  [redis, folder] = await Promise.all([startTestRedis(), makeHome()]);
  await writeTestOrders(folder, { customers: 600, trees: 4 });
  const bench = openProcessorBench(folder.home, pool);
  await bench.run(trainChampionProcessor, plainTraining(MODEL), TEST_CLOCK.now());
});
afterAll(async () => {
  await pool.close();
  await redis?.stop();
  await folder?.remove();
});

test('a model whose file is of an older format is compared by what the file holds', async () => {
  const before = await writeAsVersion7();
  const { code, stdout } = await reproduce();
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/comes out the same, metrics and forecasts.*format version 7.*it is the same/),
  ]);
  expect((await readFile(forestPath(folder.home, MODEL))).equals(before)).toBe(true);

  await rm(forestPath(folder.home, MODEL));
  const missing = await reproduce();
  expect([missing.code, missing.stdout]).toEqual([
    1,
    expect.stringMatching(/comes out different[\s\S]*forest\.sha256[\s\S]*metrics are the same.*is missing/),
  ]);
});
