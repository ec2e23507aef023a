import { readdir, readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMonths } from '../../src/domain/calendar/dates.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { runClv } from '../runClv.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis?.stop());

async function replay(folder: TemporaryHome, from: string, to: string, out: string) {
  const words = [
    'replay',
    '--from',
    from,
    '--to',
    to,
    '--policy',
    'keep',
    '--out',
    `${folder.home.root}/${out}`,
  ];
  const outcome = await runClv({ redisUrl: redis.url, home: folder.home.root }, words);
  return { ...outcome, outputs: `${folder.home.root}/${out}/outputs` };
}

async function runsOf(outputs: string): Promise<Record<string, string>[]> {
  const [header, ...rows] = (await readFile(`${outputs}/replay_runs.csv`, 'utf8')).trimEnd().split('\n');
  const names = header.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell])));
}

describe('seven months of a small shop, whose customers behave otherwise near the end', () => {
  let folder: TemporaryHome;
  let before: string;
  let first: Awaited<ReturnType<typeof replay>>;
  /** The keys that it left on Redis. */
  let keys: string[];

  beforeAll(async () => {
    folder = await makeHome();
    const out = `${folder.home.root}/orders.csv`;
    const change = { changeAt: '2024-07-10', changeFactor: 8 };
    await writeSampleShop({ out, end: '2025-01-15', months: 42, customers: 700, ...change });
    await folder.configure('  orders: null', '  orders: orders.csv');
    await folder.configure('pred_months: 6', 'pred_months: 3');
    // Few customers carry much of the revenue: in a small shop their luck alone raises the RMSE by 25 %, the change by 190 %.
    await folder.configure('drift_threshold_rmse: 0.2', 'drift_threshold_rmse: 0.8');
    await folder.configure('drift_threshold_r2: 0.15', 'drift_threshold_r2: 0.9');
    await folder.configure('trees: 200', 'trees: 10');
    await folder.configure('engine: tournament', 'engine: forest');
    // A day begins there while it is still the day before in UTC.
    await folder.configure('timezone: UTC', 'timezone: Europe/Berlin');
    before = await readFile(folder.home.configFile, 'utf8');
    const client = new Redis(redis.url);
    const keysBefore = new Set(await client.keys('*'));
    first = await replay(folder, '2024-01-01', '2024-08-10', 'replay');
    keys = (await client.keys('*')).filter((key) => !keysBefore.has(key));
    await client.quit();
  });
  afterAll(() => folder?.remove());

  test('runs at every slot: six fortnights, then the first Monday of each month', async () => {
    expect(first.stderr).not.toMatch(/error/i);
    expect(first.code).toBe(0);
    const runs = await runsOf(first.outputs);
    expect(runs.slice(0, 7).map((run) => run.cutoff)).toEqual([
      '2024-01-01',
      '2024-01-15',
      '2024-01-29',
      '2024-02-12',
      '2024-02-26',
      '2024-03-11',
      '2024-03-25',
    ]);
    // The slots of April to August are five, and the first of them has the cutoff of the last fortnight.
    expect(runs).toHaveLength(11);
  });

  test('merges and measures every window at its due date, and no other', async () => {
    const runs = await runsOf(first.outputs);
    for (const run of runs) {
      expect(run.due_date).toBe(addMonths(run.cutoff, 3));
      expect(run.rmse !== '').toBe(run.due_date <= '2024-08-10');
    }
    const history = await readFile(`${first.outputs}/monitoring/drift_history.csv`, 'utf8');
    expect(history.trimEnd().split('\n')).toHaveLength(1 + runs.filter((run) => run.rmse !== '').length);
  });

  test('raises the alert in the first window that contains the change, and none before', async () => {
    const measured = (await runsOf(first.outputs)).filter((run) => run.rmse !== '');
    const isAlert = measured.map(({ due_date, is_alert }) => [due_date, is_alert]);
    expect(isAlert.slice(-3)).toEqual([
      ['2024-06-11', '0'],
      ['2024-06-25', '0'],
      ['2024-07-24', '1'],
    ]);
    expect(isAlert.filter(([, alert]) => alert === '1')).toHaveLength(1);
  });

  test('plays in a folder and a Redis namespace of its own', async () => {
    expect(await readFile(folder.home.configFile, 'utf8')).toBe(before);
    expect(await readdir(folder.home.outputs)).toEqual(expect.not.arrayContaining(['monitoring']));
    const prefixes = new Set(keys.map((key) => key.split(':').slice(0, 2).join(':')));
    expect(prefixes.size).toBe(1);
  });

  test('writes a report with the figures of the runs', async () => {
    const page = await readFile(`${first.outputs}/replay_report.html`, 'utf8');
    expect(page).toContain('<svg');
    expect(page).toContain('2024-01-01');
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });

  test('tells the days of the business zone', async () => {
    const told = `${first.stdout}${first.stderr}`;
    expect(told).toContain('2024-01-01  launched');
    expect(told).toContain('2024-04-01  compared the 3 months from 2024-01-01 with reality');
    const page = await readFile(`${first.outputs}/replay_report.html`, 'utf8');
    expect(page).toMatch(/2024-01-01<\/td><td[^>]*>Launch/);
  });

  test('is the same the second time, as far as that one goes', async () => {
    const last = '2024-04-30';
    const second = await replay(folder, '2024-01-01', last, 'again');
    expect(second.code).toBe(0);
    const isOver = (run: Record<string, string>): boolean => run.due_date <= last;
    const again = (await runsOf(second.outputs)).filter(isOver);
    expect(again.length).toBeGreaterThan(2);
    expect(again).toEqual((await runsOf(first.outputs)).filter(isOver));
  });

  test('refuses a folder that holds something', async () => {
    const { code, stderr } = await replay(folder, '2024-01-01', '2024-08-10', 'replay');
    expect(code).not.toBe(0);
    expect(stderr).toContain('is not empty');
  });
});
