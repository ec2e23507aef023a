import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { reproduceModel, type TrainingRequest } from '../../queues/modelBuild.ts';
import { findChampion, readChampion } from '../../src/registry/champion.ts';
import { decideOnModel } from '../../src/registry/decideOnModel.ts';
import { forestPath, type ModelCard, readCard } from '../../src/registry/modelCard.ts';
import { openTestShop, type TestShop } from '../testShop.ts';

const ID = 'clv_model_20260101_120000';
/** A single forest, for tests in which any model will do: it is made, and made again, in a third of the time. */
const FOREST = 'clv_model_20260101_110000';

const SEARCH = {
  id: 'clv_grid_search_20260101_110000',
  metrics: { rmse: { mean: 50.5, std: 2.5 }, r2: { mean: 0.4, std: null } },
};

let shop: TestShop;
let folder: TestShop['folder'];
/** How many threads the workers have that are there now; 0 without workers. */
let threads = 0;
/** Who was champion, and the card of the candidate, before anybody signed. */
let unsigned: { champion: ModelCard | null; card: ModelCard };

beforeAll(async () => {
  shop = await openTestShop({ customers: 700, trees: 10 });
  folder = shop.folder;
  await haveThreads(2);
  await train(ID, { search: SEARCH });
  await folder.configure('engine: tournament', 'engine: forest');
  await train(FOREST);
  await folder.configure('engine: forest', 'engine: tournament');
  unsigned = { champion: await findChampion(folder.home), card: await readCard(folder.home, ID) };
  const request = {
    gate: 'sign-off',
    modelId: ID,
    decision: 'approve',
    approver: 'Ada',
    note: 'good',
  } as const;
  await decideOnModel(folder.home, { ...request, ticket: null }, { distinctApprovers: false, nowMs: 0 });
  const lines = (await readFile(`${folder.home.root}/orders.csv`, 'utf8')).split('\n');
  const middle = lines.findIndex((line) => /2025-0[34]/.test(line));
  await folder.write('other.csv', lines.toSpliced(middle, 1).join('\n'));
});
afterAll(() => shop?.close());

/** Has workers of as many threads, and with 0 none, so that a command brings its own. */
async function haveThreads(wanted: number): Promise<void> {
  if (wanted === threads) return;
  const bench = threads === 0 ? shop.bench : await shop.reopen();
  if (wanted > 0) await bench.startWorkers(wanted);
  threads = wanted;
}

/** Changes the config until the test is over. */
async function configureHere(from: string, to: string): Promise<void> {
  await folder.configure(from, to);
  onTestFinished(() => folder.configure(to, from));
}

/** Trains a candidate that nobody signs. */
async function train(modelId: string, change: Partial<TrainingRequest> = {}): Promise<unknown> {
  if (threads === 0) await haveThreads(2);
  return shop.bench.train(modelId, { signOff: null, ...change });
}

async function reproduce(modelId: string, orders: string | null = null): Promise<unknown> {
  if (threads === 0) await haveThreads(2);
  return shop.bench.build(reproduceModel, { modelId, orders });
}

/** Runs the compiled command in the shop's home, after `limits` of the shell. */
async function clv(args: string, limits = ''): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = `${limits} exec "$0" dist/src/cli/main.js ${args}`;
  const env = { ...process.env, REDIS_URL: shop.redis.url, CLV_HOME: folder.home.root };
  const outcome = promisify(execFile)('bash', ['-c', command, process.execPath], { env });
  return outcome.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error) => error,
  );
}

test('a training makes a candidate, and nobody is champion until a person signs', async () => {
  const { champion, card } = unsigned;
  expect(champion).toBeNull();
  expect(card).toMatchObject({
    status: 'candidate',
    orders_source: 'orders.csv',
    search: SEARCH,
    cutoff: '2025-07-01',
    history_months: 12,
    pred_months: 6,
    training_window: { start: '2024-07-01', end: '2026-01-01' },
    hyper_parameters: { trees: 10, maxDepth: 12, minSamplesLeaf: 5, seed: 42 },
    seed: 42,
    created_at: '2026-01-01T12:00:00.000Z',
    data: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), lastDate: '2025-12-31' },
    baseline_data: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    metrics: {
      out_of_time: { measured_cutoff: '2025-07-01' },
      out_of_bag: null,
    },
    eligibility: { override: null },
  });
  expect(card.code_commit).toMatch(/^[0-9a-f]{40}(\+changes)?$|^unknown$/);
  expect(card.features).toContain('revenue_sum');
  expect(card.data.orders).toBeGreaterThan(card.data.customers);
  expect(card.versions?.libraries).toMatchObject({ bullmq: expect.stringMatching(/^6\./) });
  expect(card.config).toHaveProperty('segments.clusters', 5);
  expect(card.versions?.node).toBe(process.versions.node);
  expect(card.config).toMatchObject({ modeling: { seed: 42, forest: { trees: 10 } } });
  const rises = card.importances?.map(({ rmse_rise }) => Number(rmse_rise)) ?? [];
  expect(rises.length).toBe(10);
  expect(rises).toEqual(rises.toSorted((a, b) => b - a));
  expect(rises[0]).toBeGreaterThan(0);
  expect(card.importances?.some(({ gain, spread }) => gain > 0 && Number(spread) > 0)).toBe(true);
  expect((await readChampion(folder.home)).model_id).toBe(ID);
});

describe('a reproduction', () => {
  test('with one thread gives the bytes of two threads, and brings a purged binary back', async () => {
    const before = await readFile(forestPath(folder.home, ID));
    await rm(forestPath(folder.home, ID));
    await haveThreads(1);
    expect(await reproduce(ID)).toMatchObject({ verdict: 'identical', differences: [], restored: true });
    expect((await readFile(forestPath(folder.home, ID))).equals(before)).toBe(true);
  });

  test('from other orders says what is different about them', async () => {
    const result = (await reproduce(FOREST, 'other.csv')) as {
      verdict: string;
      differences: { what: string }[];
    };
    expect(result.verdict).toBe('other-orders');
    expect(result.differences.map(({ what }) => what)).toContain('data.sha256');
  });

  test('that comes out different says where', async () => {
    const path = `${folder.home.cards}/${FOREST}.json`;
    const text = await readFile(path, 'utf8');
    const card = JSON.parse(text);
    card.hyper_parameters.seed = 43;
    await writeFile(path, JSON.stringify(card));
    const result = (await reproduce(FOREST)) as { verdict: string; differences: { what: string }[] };
    await writeFile(path, text);
    expect(result.verdict).toBe('different');
    expect(result.differences.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['metrics.out_of_time.rmse', 'forest.sha256']),
    );
  });
});

describe('the command', () => {
  test('clv reproduce with one thread gives the bytes of two, and says their SHA-256', async () => {
    await haveThreads(0);
    await configureHere('threads: null', 'threads: 1');
    const { code, stdout } = await clv(`reproduce ${FOREST}`);
    const { forest } = await readCard(folder.home, FOREST);
    expect([code, stdout]).toEqual([
      0,
      `${FOREST} comes out the same, metrics and bytes (SHA-256 ${forest.sha256}).\n`,
    ]);
  });

  test('clv reproduce from other orders ends with 1 and the difference', async () => {
    const { code, stdout } = await clv(`reproduce ${FOREST} --orders ${folder.home.root}/other.csv`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/cannot be reproduced: the orders are not those that it was trained on/);
    expect(stdout).toMatch(/data\.orders: \d+ on the card, \d+ now/);
    expect(stdout).toMatch(/Name the orders of that training: --orders FILE\.\n$/);
  });

  test('clv reproduce of what another version of the program made says which one makes it again', async () => {
    const path = `${folder.home.cards}/${FOREST}.json`;
    const text = await readFile(path, 'utf8');
    const card = JSON.parse(text);
    card.metrics.out_of_time.rmse += 1;
    card.code_commit = '0123abc';
    await writeFile(path, JSON.stringify(card));
    const { code, stdout } = await clv(`reproduce ${FOREST}`);
    await writeFile(path, text);
    expect(code).toBe(1);
    expect(stdout).toMatch(/comes out different[\s\S]*clv reproduce at the commit 0123abc\./);
  });

  test('export refuses a model of several contenders, with the way to one that can be exported', async () => {
    const { code, stderr } = await clv(`export ${ID} --out ${folder.home.root}/tournament.onnx`);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/more than a forest.*\n.*modeling.engine: forest/),
    ]);
  });

  test.each(['reproduce', 'compare clv_model_20200101_000001', 'approve', 'rollback'])(
    '%s of a model that nobody knows says so',
    async (command) => {
      const signature = /approve|rollback/.test(command) ? '--by Ada --note x' : '';
      const { code, stderr } = await clv(`${command} clv_model_20200101_000000 ${signature}`);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/There is no model clv_model_20200101_00000/),
      ]);
    },
  );
});

test('where the disk takes no binary, training fails with a sentence and the champion stays', async () => {
  // A limit on the size of files makes the write fail in the middle, as a full disk does.
  const before = await readdir(folder.home.models);
  await haveThreads(0);
  await configureHere('engine: tournament', 'engine: forest');
  const failed = await clv(
    'train --json --sign-off Ada --note x --override-eligibility "months of the past"',
    'ulimit -f 16;',
  );
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/\.forest could not be written/);
  expect(await readdir(folder.home.models)).toEqual(before);
  expect((await readChampion(folder.home)).model_id).toBe(ID);
});

describe('a training on orders that fall short', () => {
  /** Asks for more customers, and for orders of today. */
  async function askForMore(): Promise<void> {
    await configureHere('min_customers: 500', 'min_customers: 5000');
    await configureHere('max_days_since_last_order: 30', 'max_days_since_last_order: 0');
    // Any model will do, and a single forest is made in a third of the time.
    await configureHere('engine: tournament', 'engine: forest');
  }

  test('is refused with all that is missing, and leaves nothing', async () => {
    await askForMore();
    const before = await readdir(folder.home.models);
    await expect(train('clv_model_20260101_130000')).rejects.toThrow(
      /customers with orders, 5,000 needed; the last order is 1 day old[\s\S]*--override-eligibility NOTE/,
    );
    expect(await readdir(folder.home.models)).toEqual(before);
  });

  test('is made where a person says why, and the card keeps it', async () => {
    await askForMore();
    const id = 'clv_model_20260101_150000';
    await train(id, { overrideEligibility: 'a pilot in one region' });
    const { eligibility } = await readCard(folder.home, id);
    expect(eligibility?.override).toBe('a pilot in one region');
    expect(eligibility?.findings.map(({ name, is_met }) => [name, is_met])).toEqual([
      ['customers', false],
      ['history', true],
      ['recency', false],
      ['repeat_buyers', true],
      ['revenue', true],
    ]);
  });

  test('at a cutoff of its own is judged on the orders up to its last label, whatever their age', async () => {
    await askForMore();
    await folder.configure('min_customers: 5000', 'min_customers: 10');
    onTestFinished(() => folder.configure('min_customers: 10', 'min_customers: 5000'));
    const id = 'clv_model_20260101_140000';
    await train(id, { cutoff: '2025-05-01' });
    const { eligibility } = await readCard(folder.home, id);
    expect(eligibility?.override).toBeNull();
    expect(eligibility?.findings.find(({ name }) => name === 'recency')?.says).toBe(
      'the last order is of 2025-10-31; its age is not judged',
    );
  });
});
