import { access, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openQueues } from '../../queues/openQueues.ts';
import { CONFIG_TEMPLATE } from '../../src/config/template.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { Duck } from '../../src/tables/duck.ts';
import { startForeignRedis, startTestRedis, type TestRedis } from '../redis.ts';
import { type Outcome, runClv } from '../runClv.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let redis: TestRedis;
/** A home with orders. */
let folder: TemporaryHome;
/** A home without orders. */
let bare: TemporaryHome;

const clv = (...args: string[]) => runClv({ redisUrl: redis.url, home: folder.home.root }, args);
const clvInBare = (...args: string[]) => runClv({ redisUrl: redis.url, home: bare.home.root }, args);

beforeAll(async () => {
  [redis, folder, bare] = await Promise.all([startTestRedis(), makeHome(), makeHome()]);
  await writeSampleShop({
    out: `${folder.home.root}/orders.csv.gz`,
    end: '2026-01-01',
    customers: 800,
    months: 30,
  });
  await folder.configure('  orders: null', '  orders: orders.csv.gz');
  await folder.configure('trees: 200', 'trees: 10');
});
afterAll(async () => {
  await redis?.stop();
  await Promise.all([folder?.remove(), bare?.remove()]);
});

describe('clv', () => {
  test('init writes a commented config once, and leaves it from then on', async () => {
    const root = `${folder.home.root}/fresh`;
    expect((await clv('init', '--home', root)).code).toBe(0);
    expect(await readFile(`${root}/config/model_config.yaml`, 'utf8')).toBe(CONFIG_TEMPLATE);
    expect((await clv('init', '--home', root)).stdout).toContain('left as it is');
  });

  test('says of a Redis that is not its own what is to be mended, and works all the same', async () => {
    const own = await startForeignRedis(['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']);
    const where = { redisUrl: own.url, home: folder.home.root };
    const told = await runClv(where, ['reconcile', '--dry-run']);
    expect([told.code, told.stderr]).toEqual([
      0,
      expect.stringMatching(
        /^! .* the eviction policy allkeys-lru: .* CONFIG SET maxmemory-policy noeviction /,
      ),
    ]);
    await own.stop();
  });

  test('says of a queue that is paused that nothing in it begins', async () => {
    const queues = await openQueues(redis.url, bare.home.id, () => undefined);
    await queues.byName.scoring.pause();
    const told = 'The queue scoring is paused: nothing in it begins until somebody resumes it on the board';
    expect((await clvInBare('reconcile', '--dry-run')).stderr).toContain(`! ${told}`);
    expect((await clvInBare('doctor')).stdout).toMatch(new RegExp(`! Redis .*\\n +${told}`));
    await queues.byName.scoring.resume();
    expect((await clvInBare('reconcile', '--dry-run')).stderr).toBe('');
    await queues.close();
  });

  test('refuses a level of the log that does not exist, and names those that do', async () => {
    const where = { redisUrl: redis.url, home: folder.home.root, CLV_LOG_LEVEL: 'verbose' };
    const { code, stderr } = await runClv(where, ['schedule', '--launch', '2026-02-11']);
    expect([code, stderr]).toEqual([
      1,
      'clv: CLV_LOG_LEVEL is "verbose", which is no level of the log.\n' +
        'Set it to one of trace, debug, info, warn, error, fatal, silent, or not at all.\n',
    ]);
  });

  test('says what is missing, one thing after the other, and how to mend it', async () => {
    const nowhere = await clv('score', '--home', `${folder.home.root}/nowhere`);
    expect([nowhere.code, nowhere.stderr]).toEqual([
      1,
      expect.stringContaining('Make one with: clv init --home'),
    ]);
    const untrained = await clvInBare('score');
    expect([untrained.code, untrained.stderr]).toEqual([
      1,
      expect.stringContaining('Train one first: clv train'),
    ]);
    const noOrders = await clvInBare('train');
    expect([noOrders.code, noOrders.stderr]).toEqual([
      1,
      expect.stringContaining('Set data.orders, or pass --orders FILE.'),
    ]);
  });

  test('doctor finds what is wrong where there are no orders', async () => {
    const { code, stdout } = await clvInBare('doctor', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings).toContainEqual(
      expect.objectContaining({ what: 'Orders', state: 'wrong' }),
    );
  });

  test('train refuses a cutoff whose labels are not complete', async () => {
    const { code, stderr } = await clv('train', '--cutoff', '2025-10-01');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /labels end at 2026-04-01, but the orders end before 2026-01-01[\s\S]*Train at 2025-07-01 or earlier/,
      ),
    ]);
  });

  test('train says which option is wrong', async () => {
    expect((await clv('train', '--cutoff', '2025-02-30')).stderr).toContain(
      "option '--cutoff <date>' argument '2025-02-30' is invalid",
    );
    expect((await clv('train', '--history-months', '0')).stderr).toContain('whole number from 1');
  });

  test('features are the same in CSV and Parquet, with labels where asked for', async () => {
    const [csv, parquet] = ['csv', 'parquet'].map((ending) => `${folder.home.root}/features.${ending}`);
    for (const out of [csv, parquet]) {
      const { code, stderr } = await clv(
        'features',
        '--cutoff',
        '2025-07-01',
        '--history-months',
        '12',
        '--pred-months',
        '6',
        '--out',
        out,
      );
      expect([code, stderr]).toEqual([0, '']);
    }
    const duck = await Duck.open({ threads: 1 });
    const [{ differing, customers }] = await duck.rows<{ differing: bigint; customers: bigint }>(
      `SELECT (SELECT count(*) FROM (FROM read_csv('${csv}', types = {'customer_id': 'VARCHAR'}) EXCEPT FROM read_parquet('${parquet}'))) AS differing, (SELECT count(*) FROM read_parquet('${parquet}')) AS customers`,
    );
    duck.close();
    expect(differing).toBe(0n);
    expect(customers).toBeGreaterThan(100n);
    expect((await readFile(csv, 'utf8')).split('\n', 1)[0]).toMatch(
      /^customer_id,revenue_sum,.*,median_days_between_orders,actual_clv$/,
    );
  });

  test('features refuse labels that the orders do not hold, and write nothing', async () => {
    const out = `${folder.home.root}/none.csv`;
    const { code, stderr } = await clv(
      'features',
      '--cutoff',
      '2025-10-01',
      '--history-months',
      '6',
      '--pred-months',
      '6',
      '--out',
      out,
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('the orders end before 2026-01-01')]);
    await expect(access(out)).rejects.toThrow();
  });

  test('features refuse a cutoff that nobody had ordered before, and write nothing', async () => {
    const out = `${folder.home.root}/nobody.csv`;
    const { code, stderr } = await clv(
      ...['features', '--cutoff', '2001-01-01', '--history-months', '6', '--out', out],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('No customer has an order in the 6 months before 2001-01-01; the orders reach');
    expect(stderr).toMatch(/Choose a cutoff from [-\d]{10} to just after [-\d]{10}/);
    await expect(access(out)).rejects.toThrow();
  });

  test.each(['csv', 'parquet'])('features refuse too long a name of a .%s file', async (ending) => {
    const out = `${folder.home.root}/${'long'.repeat(60)}.${ending}`;
    const { code, stderr } = await clv(
      ...['features', '--cutoff', '2025-07-01', '--history-months', '6', '--out', out],
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/ENAMETOOLONG.*\nChoose a shorter name; while the file is written/),
    ]);
  });

  test('sample refuses a truth without its window', async () => {
    expect(
      (await clv('sample', '--out', `${folder.home.root}/s.csv`, '--truth', `${folder.home.root}/t.csv`))
        .stderr,
    ).toContain('--truth needs --cutoff and --pred-months');
  });

  test('demo plays the whole flow, lists its files, says where the board is, and ends well', async () => {
    const { code, stdout, stderr } = await clv('demo', '--home', `${folder.home.root}/demo`);
    expect(code).toBe(0);
    expect(stdout).toContain('outputs/clv_cluster_ranking_20260101_pred6m.csv');
    for (const step of [
      'train-champion',
      'score-customers',
      'rank-customers',
      'cluster-customers',
      'rank-clusters',
      'bump-cutoff',
    ]) {
      expect(stderr).toContain(`✓ ${step}`);
    }
    expect(stderr).toContain('/queues');
    // Its own home may be played in again.
    expect(await readFile(`${folder.home.root}/demo/config/model_config.yaml`, 'utf8')).toMatch(
      /^# The home of clv demo/,
    );
  });

  test('demo leaves a home alone that it did not make', async () => {
    const before = await readFile(folder.home.configFile, 'utf8');
    const { code, stderr } = await clv('demo', '--home', folder.home.root);
    expect(code).toBe(1);
    expect(stderr).toContain(`${folder.home.root} is a home that the demo did not make`);
    expect(await readFile(folder.home.configFile, 'utf8')).toBe(before);
  });
});

describe('clv in a shop', () => {
  const signed = ['train', '--json', '--sign-off', 'Test Person', '--note', 'for the test'];
  let refused: Outcome;
  let trained: Outcome;
  let scored: Outcome;

  beforeAll(async () => {
    refused = await clv(...signed);
    trained = await clv(...signed, '--override-eligibility', 'months of the past');
    scored = await clv('score', '--json');
  });

  test('trains orders of the past where a person says why, scores them, and doctor finds that all is well', async () => {
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/the last order is [\d,]+ days old[\s\S]*--override-eligibility NOTE/),
    ]);
    expect(JSON.parse(trained.stdout)).toMatchObject({
      cutoff: '2025-07-01',
      first_score_cutoff: '2026-01-01',
      out_of_time: { measured_cutoff: '2025-07-01' },
    });
    expect(JSON.parse(scored.stdout)).toMatchObject({
      cutoff: '2026-01-01',
      bumped: true,
      next_cutoff: '2026-01-31',
    });
    const after = await clv('doctor');
    expect(after.stdout).toMatch(/✓ Champion +clv_model_\d{8}_\d{6}: 12 months of history, 6 ahead/);
    expect(after.stdout).toMatch(
      /! Eligible +the orders cannot carry a forecast yet:\n +the last order is [\d,]+ days old/,
    );
    expect(after.code).toBe(0);
  });

  test('explain says what the forecast of a customer is made of, as it stands in the file', async () => {
    const path = `${folder.home.outputs}/clv_ranked_predictions_20260101_pred6m.csv`;
    const [, row] = (await readFile(path, 'utf8')).split('\n');
    const [id, predicted] = row.split(',');
    const told = await clv('explain', id, '--json');
    expect([told.code, told.stderr]).toEqual([0, '']);
    const { customer, forecast, typical, contributions } = JSON.parse(told.stdout);
    expect(customer.customer_id).toBe(id);
    expect(forecast).toBeCloseTo(Number(predicted), 5);
    const sum = contributions.reduce((all: number, it: { contribution: number }) => all + it.contribution, 0);
    expect(typical + sum).toBeCloseTo(forecast, 6);
    expect(contributions.map((it: { feature: string }) => it.feature)).toContain('btyd');
    expect((await clv('explain', id)).stdout).toMatch(
      /a typical customer\n[\s\S]* btyd: the purchase model[\s\S]* this customer\n$/,
    );
    const nobody = await clv('explain', 'nobody');
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('has no customer nobody')]);
    const other = `${folder.home.root}/other.csv`;
    await writeSampleShop({ out: other, end: '2026-01-01', customers: 800, months: 30, seed: 2 });
    const changed = await clv('explain', id, '--orders', other);
    expect([changed.code, changed.stderr]).toEqual([
      1,
      expect.stringMatching(
        /The orders are not those of the run any more, or another version of the program made it/,
      ),
    ]);
  });
});
