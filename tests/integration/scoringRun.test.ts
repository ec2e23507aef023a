import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { QueueEvents } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { driftJobId, mergeJobId } from '../../queues/maturity.ts';
import { removeAlarm } from '../../queues/maturityFlow.ts';
import { schedulerFaults, wantedSchedulers } from '../../queues/schedulers.ts';
import {
  beginRun,
  bumpCutoff,
  rankCustomers,
  SCORING_STEPS,
  type ScoreRun,
  scoreCustomers,
  scoringJobId,
} from '../../queues/scoring.ts';
import { startScoreRun } from '../../queues/startScoreRun.ts';
import { followJobs } from '../../src/cli/followJobs.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { readChampion } from '../../src/registry/champion.ts';
import { slotLedgerPath } from '../../src/schedule/slotLedger.ts';
import { type Bench, outputPrints, TEST_CLOCK } from '../runOnQueues.ts';
import { openTestShop, type TestShop } from '../testShop.ts';

let shop: TestShop;
let folder: TestShop['folder'];
let bench: Bench;
/** The config when the model was trained, and when the first cutoff was scored with it; and what its last step gave. */
const first = { trained: '', scored: '', result: {} as unknown };

beforeAll(async () => {
  shop = await openTestShop({ customers: 700, trees: 10 });
  ({ folder, bench } = shop);
  await folder.configure('launch_date: null', 'launch_date: 2025-12-20');
  await bench.startWorkers();
  await bench.train();
  first.trained = await configText();
  first.result = await bench.score(await bench.runOf('2026-01-01'));
  first.scored = await configText();
});
afterAll(() => shop?.close());

/** Does something, and waits until the job is put aside. */
async function onceDelayed(id: string, act: () => Promise<unknown>): Promise<void> {
  const events = new QueueEvents('scoring', {
    connection: { url: bench.queues.url, maxRetriesPerRequest: null },
    prefix: bench.queues.prefix,
  });
  await events.waitUntilReady();
  const delayed = new Promise<void>((resolve) => {
    events.on('delayed', ({ jobId }) => jobId === id && resolve());
  });
  await act();
  await delayed;
  await events.close();
}

/** Has one step of a run done again, which has ended well or not, and waits for it. */
async function retry(name: string, run: Pick<ScoreRun, 'cutoff' | 'predMonths'>): Promise<unknown> {
  const id = scoringJobId(name, run);
  const job = await bench.queues.byName.scoring.getJob(id);
  return followJobs(
    bench.queues,
    'scoring',
    [id],
    async () => {
      await job?.retry((await job.getState()) as 'completed');
      return id;
    },
    () => undefined,
  );
}

const configText = () => readFile(folder.home.configFile, 'utf8');

describe('a first training', () => {
  test('puts a champion into service whose card holds an out-of-time baseline', async () => {
    const card = await readChampion(folder.home);
    expect(card).toMatchObject({
      model_id: 'clv_model_20260101_120000',
      cutoff: '2025-07-01',
      history_months: 12,
      pred_months: 6,
    });
    const { out_of_time } = card.metrics;
    expect(out_of_time).toMatchObject({
      fit_cutoff: '2025-01-01',
      measured_cutoff: '2025-07-01',
      has_full_history: true,
    });
    expect(out_of_time.rmse).toBeLessThan(out_of_time.rmse_of_mean);
    const baseline = JSON.parse(
      await readFile(`${folder.home.models}/clv_model_latest.metrics.json`, 'utf8'),
    );
    expect(baseline.out_of_time).toEqual(out_of_time);
  });

  test('says where scoring begins, and leaves every comment of the config', async () => {
    expect(first.trained).toMatch(/^ +last_score_cutoff: 2026-01-01\b/m);
    expect(first.trained.split('\n').filter((line) => line.trim().startsWith('#')).length).toBeGreaterThan(
      20,
    );
  });
});

describe('a run', () => {
  test('makes the four files and their sidecars, and bumps the cutoff by a fortnight', async () => {
    expect(first.result).toMatchObject({ bumped: true, next_cutoff: '2026-01-15' });
    const files = Object.keys(await outputPrints(folder.home));
    for (const kind of ['predictions', 'ranked_predictions', 'clusters', 'cluster_ranking']) {
      expect(files).toContain(`clv_${kind}_20260101_pred6m.csv`);
      expect(files).toContain(`clv_${kind}_20260101_pred6m.meta.json`);
    }
    expect(first.scored).toBe(
      first.trained.replace('last_score_cutoff: 2026-01-01', 'last_score_cutoff: 2026-01-15'),
    );
  });

  test('logs that it is complete, and says nothing twice in any line', async () => {
    await bench.score(await bench.runOf('2026-01-01'));
    expect(bench.log.filter((line) => line.includes('"msg":"run complete"'))).not.toEqual([]);
    // A key that a line has twice is gone once it is read.
    for (const line of bench.log) expect(`${JSON.stringify(JSON.parse(line))}\n`).toBe(line);
  });

  test('names job, cutoff and model where the log tells that a step began and ended', async () => {
    const run = await bench.runOf('2026-01-01');
    await bench.score(run);
    const jobId = scoringJobId(rankCustomers.name, run);
    const lines = bench.log.map((line) => JSON.parse(line)).filter((line) => line.jobId === jobId);
    for (const msg of ['job started', 'job completed']) {
      const named = { job: 'rank-customers', cutoff: '2026-01-01', modelId: run.modelId };
      expect(lines).toContainEqual(expect.objectContaining({ msg, ...named }));
    }
  });

  test('writes the columns that the files promise, in the order of customers', async () => {
    const lines = async (kind: string) =>
      (await readFile(`${folder.home.outputs}/clv_${kind}_20260101_pred6m.csv`, 'utf8'))
        .trimEnd()
        .split('\n');
    const plain =
      'customer_id,predicted_clv,tenure_days,recency_days,mean_days_between_orders,std1_days_between_orders,median_days_between_orders';
    const [predictions, ranked, clusters, ranking] = await Promise.all(
      ['predictions', 'ranked_predictions', 'clusters', 'cluster_ranking'].map(lines),
    );
    expect(predictions[0]).toBe(plain);
    expect(ranked[0]).toBe(
      `${plain},clv_rank,clv_percentile,clv_segment,clv_p10,clv_p50,clv_p90,p_alive,next_order_date,${[1, 2, 3, 4, 5, 6].map((month) => `clv_month_${month}`)}`,
    );
    expect(clusters[0]).toBe(`${plain},cluster_id`);
    expect(ranking[0]).toBe('cluster_id,n_customers,median_clv,clv_index,cluster_rank');
    expect(predictions.slice(1)).toEqual(predictions.slice(1).sort());
    expect(ranked.map((line) => line.split(',').slice(0, 7).join())).toEqual(predictions);
    const members = ranking.slice(1).reduce((sum, line) => sum + Number(line.split(',')[1]), 0);
    expect(members).toBe(predictions.length - 1);
  });

  test('reports as predicted revenue what the rows of its file add up to', async () => {
    const { outputs, runReports } = folder.home;
    const [, ...rows] = (await readFile(`${outputs}/clv_predictions_20260101_pred6m.csv`, 'utf8'))
      .trimEnd()
      .split('\n');
    const millionths = rows.reduce((sum, row) => sum + Math.round(Number(row.split(',')[1]) * 1e6), 0);
    const report = JSON.parse(await readFile(`${runReports}/clv_run_20260101_pred6m.json`, 'utf8'));
    expect(report.predicted_revenue).toBe(millionths / 1e6);
    const { p10, p90 } = report.predicted_revenue_bounds;
    expect(p10).toBeGreaterThan(0.5 * report.predicted_revenue);
    expect(p10).toBeLessThan(report.predicted_revenue);
    const months: { start: string; end: string; revenue: number }[] = report.predicted_revenue_by_month;
    expect(months.map(({ start }) => start)).toEqual([
      '2026-01-01',
      '2026-02-01',
      '2026-03-01',
      '2026-04-01',
      '2026-05-01',
      '2026-06-01',
    ]);
    expect(months.at(-1)?.end).toBe('2026-07-01');
    expect(months.reduce((sum, { revenue }) => sum + Math.round(revenue * 1e6), 0)).toBe(millionths);
    expect(Math.sqrt(p10 * p90) / report.predicted_revenue).toBeCloseTo(1, 9);
  });

  test('gives each customer an outlook: months that add up, ordered bounds, a date of the next order', async () => {
    const path = `${folder.home.outputs}/clv_ranked_predictions_20260101_pred6m.csv`;
    const [header, ...rows] = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const names = header.split(',');
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) {
      const cells = row.split(',');
      const number = (name: string) => Number(cells[names.indexOf(name)]);
      const months = [1, 2, 3, 4, 5, 6].map((month) => number(`clv_month_${month}`));
      expect(months.reduce((sum, value) => sum + value, 0)).toBeCloseTo(number('predicted_clv'), 5);
      expect(number('clv_p10')).toBeLessThanOrEqual(number('clv_p50'));
      expect(number('clv_p50')).toBeLessThanOrEqual(number('clv_p90'));
      expect(number('p_alive')).toBeGreaterThanOrEqual(0);
      expect(number('p_alive')).toBeLessThanOrEqual(1);
      expect(cells[names.indexOf('next_order_date')]).toMatch(/^(20\d\d|2[01]\d\d)-\d\d-\d\d$|^$/);
    }
  });

  test('run again, or with a step retried alone, leaves the same bytes and bumps nothing', async () => {
    const run = await bench.runOf('2026-01-01');
    // What a run says of the one before it may be new where another test has scored an earlier cutoff.
    await bench.score(run);
    const [before, config] = [await outputPrints(folder.home), await configText()];
    expect(await bench.score(run)).toMatchObject({ bumped: false });
    expect(await outputPrints(folder.home)).toEqual(before);
    for (const { name } of SCORING_STEPS) {
      await retry(name, run);
      expect(await outputPrints(folder.home), name).toEqual(before);
    }
    expect(await configText()).toBe(config);
  });

  test('stops where a file was changed by hand, and goes on when the step before is retried', async () => {
    const run = await bench.runOf('2025-12-01');
    await bench.score(run);
    const before = await outputPrints(folder.home);
    const predictions = `${folder.home.outputs}/clv_predictions_20251201_pred6m.csv`;
    await writeFile(predictions, (await readFile(predictions, 'utf8')).replace(/\n.*\n/, '\n'));
    await expect(retry(rankCustomers.name, run)).rejects.toThrow(
      /clv_predictions_20251201_pred6m\.csv was changed after it was written/,
    );
    await retry(scoreCustomers.name, run);
    await retry(rankCustomers.name, run);
    expect(await outputPrints(folder.home)).toEqual(before);
  });

  test.each([
    ['outlook', 'made_from_sha256'],
    ['ranked_predictions', 'made_from_sha256'],
    ['ranked_predictions', 'outlook_sha256'],
    ['clusters', 'made_from_sha256'],
    ['cluster_ranking', 'made_from_sha256'],
  ])('is not complete where its files are not of one make: %s, %s', async (kind, key) => {
    const run = await bench.runOf('2025-12-01');
    await bench.score(run);
    const path = `${folder.home.outputs}/clv_${kind}_20251201_pred6m.meta.json`;
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.replace(new RegExp(`("${key}": ").`), '$1x'));
    await expect(retry(bumpCutoff.name, run)).rejects.toThrow(/2025-12-01, 6 months, do not belong together/);
    await writeFile(path, whole);
    await retry(bumpCutoff.name, run);
  });

  test('ranks no customers with the outlook of another scoring', async () => {
    const run = await bench.runOf('2025-12-01');
    await bench.score(run);
    const ranked = `${folder.home.outputs}/clv_ranked_predictions_20251201_pred6m.csv`;
    const before = await readFile(ranked);
    const paths = ['csv', 'meta.json'].map(
      (end) => `${folder.home.outputs}/clv_outlook_20251201_pred6m.${end}`,
    );
    const contents = () => Promise.all(paths.map((path) => readFile(path)));
    const put = (files: readonly Buffer[]) => Promise.all(paths.map((path, i) => writeFile(path, files[i])));
    const own = await contents();

    const [header, ...orders] = (await readFile(`${folder.home.root}/orders.csv`, 'utf8')).split('\n');
    const column = header.split(',').indexOf('customer_id');
    const [leftOut] = own[0].toString().split('\n')[1].split(',');
    const others = orders.filter((line) => line.split(',')[column] !== leftOut);
    await folder.write('others.csv', [header, ...others].join('\n'));
    await folder.configure('  orders: orders.csv', '  orders: others.csv');
    await retry(scoreCustomers.name, run);
    const other = await contents();
    expect(other).not.toEqual(own);
    await folder.configure('  orders: others.csv', '  orders: orders.csv');
    await retry(scoreCustomers.name, run);

    await put(other);
    await expect(retry(rankCustomers.name, run)).rejects.toThrow(
      /2025-12-01, 6 months, do not belong together/,
    );
    await put(own);
    await retry(rankCustomers.name, run);
    expect(await readFile(ranked)).toEqual(before);
  });

  test('is complete also where nobody can tell which slot of the calendar waits', async () => {
    const run = await bench.runOf('2025-12-01');
    await bench.score(run);
    const ledger = slotLedgerPath(folder.home);
    const before = await readFile(ledger, 'utf8').catch(() => null);
    await mkdir(dirname(ledger), { recursive: true });
    await writeFile(ledger, 'no ledger\n');
    await retry(bumpCutoff.name, run);
    await (before === null ? rm(ledger) : writeFile(ledger, before));
  });

  test('of another cutoff than the one that comes next bumps nothing', async () => {
    expect(await bench.score(await bench.runOf('2025-11-01'))).toMatchObject({
      bumped: false,
      next_cutoff: '2026-01-15',
    });
  });

  test('ahead of the clock is put aside until 06:00 of its day, and the board shows it as delayed', async () => {
    const run = await bench.runOf('2026-02-01');
    const id = scoringJobId(scoreCustomers.name, run);
    await onceDelayed(id, () => startScoreRun(bench.queues, run));
    const job = await bench.queues.byName.scoring.getJob(id);
    expect(await job?.getState()).toBe('delayed');
    expect(job?.progress).toMatchObject({ doing: 'waits for its cutoff, until 2026-02-01T06:00:00.000Z' });
    const waits = Date.UTC(2026, 1, 1, 6) - TEST_CLOCK.now();
    expect(Math.abs((job?.delay ?? 0) - waits)).toBeLessThan(1000);
    await (await bench.queues.byName.scoring.getJob(scoringJobId(bumpCutoff.name, run)))?.remove();
  });

  test('whose orders stop long before the cutoff fails with a sentence before anything is written', async () => {
    const before = await outputPrints(folder.home);
    await folder.configure('max_staleness_days: 7', 'max_staleness_days: 0');
    await expect(bench.score(await bench.runOf('2026-01-01'))).rejects.toThrow(
      /newest order is of 2025-12-31, 1 day before the cutoff 2026-01-01; the most that is allowed is 0/,
    );
    await folder.configure('max_staleness_days: 0', 'max_staleness_days: 7');
    expect(await outputPrints(folder.home)).toEqual(before);
  });

  test('that is complete has set the alarm of its window, and its last step run again sets it again', async () => {
    const window = { cutoff: '2025-11-15', predMonths: 6 };
    await bench.score(await bench.runOf(window.cutoff));
    const queue = bench.queues.byName.maturity;
    expect(await queue.getJobState(mergeJobId(window))).toBe('delayed');
    expect(await queue.getJobState(driftJobId(window))).toBe('waiting-children');
    const merge = await queue.getJob(mergeJobId(window));
    // The clock of the test stands still, so what is left on it is the delay.
    expect(merge?.delay).toBe(Date.UTC(2026, 4, 15) - TEST_CLOCK.now());
    await removeAlarm(bench.queues, window);
    await retry(bumpCutoff.name, window);
    expect(await queue.getJobState(mergeJobId(window))).toBe('delayed');
  });

  test('without anybody in its history says where the orders are', async () => {
    await expect(bench.score(await bench.runOf('2015-01-01'))).rejects.toThrow(
      /No customer has an order in the 12 months before 2015-01-01/,
    );
  });

  test('asked for twice at once is queued once', async () => {
    const run = await bench.runOf('2025-10-01');
    for (const name of Object.keys(bench.queues.byName)) await bench.queues.byName[name as 'scoring'].pause();
    const results = await Promise.allSettled([1, 2, 3].map(() => startScoreRun(bench.queues, run)));
    expect(results.filter((it) => it.status === 'fulfilled').length).toBe(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'RUN_BUSY', jobId: scoringJobId(bumpCutoff.name, run) });
    }
    // It is not to begin while another test goes on.
    await (await bench.queues.byName.scoring.getJob(scoringJobId(bumpCutoff.name, run)))?.remove();
    for (const queue of Object.values(bench.queues.byName)) await queue.resume();
  });

  test('begins for an operator who runs the schedule now, and not before its slot for one who promotes it', async () => {
    const { queues } = bench;
    const calendar = { launchDate: '2025-12-20', timezone: 'UTC', hour: 6 };
    for (const fault of await schedulerFaults(queues, wantedSchedulers(calendar, 'UTC'))) await fault.mend();
    const slot = (await queues.byName.scoring.getJobScheduler(beginRun.name))?.next;
    const id = `repeat:${beginRun.name}:${slot}`;
    await onceDelayed(id, async () => (await queues.byName.scoring.getJob(id))?.promote());
    expect(await queues.byName.scoring.getJobState(id)).toBe('delayed');
    await folder.configure('last_score_cutoff: 2026-01-15', 'last_score_cutoff: 2025-12-30');

    const { predMonths } = await bench.runOf('2025-12-30');
    const last = scoringJobId(bumpCutoff.name, { cutoff: '2025-12-30', predMonths });
    await followJobs(
      queues,
      'scoring',
      [last],
      async () => {
        await queues.byName.scoring.add(beginRun.name, {});
        return last;
      },
      () => undefined,
    );
    expect((await loadConfig(folder.home)).run.last_score_cutoff).toBe('2026-01-13');
    await folder.configure('last_score_cutoff: 2026-01-13', 'last_score_cutoff: 2026-01-15');
  });

  test('gives the same predictions with one thread', async () => {
    const { home } = folder;
    const name = 'clv_predictions_20260101_pred6m.csv';
    const { [name]: wanted } = await outputPrints(home);
    bench = await shop.reopen();
    await bench.startWorkers(1);
    await bench.score(await bench.runOf('2026-01-01'));
    expect((await outputPrints(home))[name]).toBe(wanted);
  });
});
