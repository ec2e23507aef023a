import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reproduceModel, trainChampion } from '../../queues/modelBuild.ts';
import { followJobs } from '../../src/cli/followJobs.ts';
import { findChampion, readChampion } from '../../src/registry/champion.ts';
import { decideOnModel } from '../../src/registry/decideOnModel.ts';
import { forestPath, readCard } from '../../src/registry/modelCard.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { type Bench, openBench } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const ID = 'clv_model_20260101_120000';

let redis: TestRedis;
let folder: TemporaryHome;
let bench: Bench;

beforeAll(async () => {
  redis = await startTestRedis();
  folder = await makeHome();
  await writeSampleShop({
    out: `${folder.home.root}/orders.csv`,
    end: '2026-01-01',
    customers: 800,
    months: 30,
  });
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('trees: 200', 'trees: 20');
  bench = await openBench(folder.home, redis.url);
  await bench.startWorkers(2);
  await run(trainChampion, 'train', {
    modelId: ID,
    cutoff: null,
    historyMonths: null,
    predMonths: null,
    orders: null,
  });
});
afterAll(async () => {
  await bench?.close();
  await redis?.stop();
  await folder?.remove();
});

function run(contract: { name: string }, jobId: string, data: object): Promise<unknown> {
  const start = async () => {
    await bench.queues.byName['model-build'].add(contract.name, data, { jobId });
    return jobId;
  };
  return followJobs(bench.queues, 'model-build', [jobId], start, () => undefined);
}

const reproduce = (orders: string | null = null) =>
  run(reproduceModel, `reproduce-${Math.random()}`, { modelId: ID, orders });

test('a training makes a candidate, and nobody is champion until a person signs', async () => {
  expect(await findChampion(folder.home)).toBeNull();
  const card = await readCard(folder.home, ID);
  expect(card).toMatchObject({ status: 'candidate', orders_source: 'orders.csv', search: null });
  expect(card.versions?.node).toBe(process.versions.node);
  expect(card.config).toMatchObject({ modeling: { seed: 42, forest: { trees: 20 } } });
  const gains = card.importances?.map(({ gain }) => gain) ?? [];
  expect(gains.length).toBe(10);
  expect(gains).toEqual(gains.toSorted((a, b) => b - a));
  const request = {
    gate: 'sign-off',
    modelId: ID,
    decision: 'approve',
    approver: 'Ada',
    note: 'good',
  } as const;
  await decideOnModel(folder.home, { ...request, ticket: null }, { distinctApprovers: false, nowMs: 0 });
  expect((await readChampion(folder.home)).model_id).toBe(ID);
});

describe('a reproduction', () => {
  test('with one thread gives the bytes of two threads, and brings a purged binary back', async () => {
    const before = await readFile(forestPath(folder.home, ID));
    await rm(forestPath(folder.home, ID));
    await bench.close();
    bench = await openBench(folder.home, redis.url);
    await bench.startWorkers(1);
    expect(await reproduce()).toMatchObject({ verdict: 'identical', differences: [], restored: true });
    expect((await readFile(forestPath(folder.home, ID))).equals(before)).toBe(true);
  });

  test('from other orders says what is different about them', async () => {
    const lines = (await readFile(`${folder.home.root}/orders.csv`, 'utf8')).split('\n');
    const middle = lines.findIndex((line) => /2025-0[34]/.test(line));
    await writeFile(`${folder.home.root}/other.csv`, lines.toSpliced(middle, 1).join('\n'));
    const result = (await reproduce('other.csv')) as { verdict: string; differences: { what: string }[] };
    expect(result.verdict).toBe('other-orders');
    expect(result.differences.map(({ what }) => what)).toContain('data.sha256');
  });

  test('that comes out different says where', async () => {
    const path = `${folder.home.cards}/${ID}.json`;
    const text = await readFile(path, 'utf8');
    const card = JSON.parse(text);
    card.hyper_parameters.seed = 43;
    await writeFile(path, JSON.stringify(card));
    const result = (await reproduce()) as { verdict: string; differences: { what: string }[] };
    await writeFile(path, text);
    expect(result.verdict).toBe('different');
    expect(result.differences.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['metrics.out_of_time.rmse', 'forest.sha256']),
    );
  });
});

test('where the disk takes no binary, training fails with a sentence and the champion stays', async () => {
  // A limit on the size of files makes the write fail in the middle, as a full disk does.
  const home = `${folder.home.root}`;
  const command = `ulimit -f 16; exec "$0" dist/src/cli/main.js train --json --sign-off Ada --note x --home ${home}`;
  const before = await readdir(folder.home.models);
  await bench.close();
  const env = { ...process.env, REDIS_URL: redis.url };
  const failed = await promisify(execFile)('bash', ['-c', command, process.execPath], { env }).catch(
    (it) => it,
  );
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/\.forest could not be written/);
  expect(await readdir(folder.home.models)).toEqual(before);
  expect((await readChampion(folder.home)).model_id).toBe(ID);
  bench = await openBench(folder.home, redis.url);
});
