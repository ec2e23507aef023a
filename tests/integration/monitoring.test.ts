import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { reproduceModel } from '../../queues/modelBuild.ts';
import { followJobs } from '../../src/cli/followJobs.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { addMonths } from '../../src/domain/calendar/dates.ts';
import { auditRegistry } from '../../src/registry/audit.ts';
import { forestPath, readCard, setBinaryPurged } from '../../src/registry/modelCard.ts';
import { referencePath } from '../../src/registry/populationReference.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { watchOpenWindows } from '../../src/shop/openWindows.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { type Bench, openBench, outputPrints, TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const MODEL = 'clv_model_20260101_120000';

let redis: TestRedis;
let folder: TemporaryHome;
let bench: Bench;

beforeAll(async () => {
  redis = await startTestRedis();
  folder = await makeHome();
  await writeSampleShop({
    out: `${folder.home.root}/orders.csv`,
    end: '2026-01-01',
    customers: 700,
    months: 36,
    dirtyShare: 0,
  });
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('trees: 200', 'trees: 10');
  bench = await openBench(folder.home, redis.url);
  await bench.startWorkers();
  await bench.train(MODEL);
  for (const cutoff of ['2025-07-01', '2025-10-01', '2025-12-01'])
    await bench.score(await bench.runOf(cutoff));
});
afterAll(async () => {
  await bench?.close();
  await redis?.stop();
  await folder?.remove();
});

/** The rows of a CSV file without quoted cells, as objects of text. */
async function rowsOf(name: string): Promise<Record<string, string>[]> {
  const [header, ...lines] = (await readFile(`${folder.home.outputs}/${name}`, 'utf8')).trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}
const reportOf = async (day: string) =>
  JSON.parse(await readFile(`${folder.home.runReports}/clv_run_${day}_pred6m.json`, 'utf8'));

/** Scores a cutoff of which nothing is left when the test is over, so that the runs are the same for every test. */
async function scoreForNow(cutoff: string): Promise<void> {
  onTestFinished(async () => {
    const { outputs } = folder.home;
    const day = cutoff.replaceAll('-', '');
    const names = await readdir(outputs, { recursive: true });
    for (const name of names.filter((it) => it.includes(day)))
      await rm(`${outputs}/${name}`, { force: true });
  });
  await bench.score(await bench.runOf(cutoff));
}

describe('the population stability index', () => {
  test('is measured for every feature and the predictions, against a reference that the card vouches for', async () => {
    const card = await readCard(folder.home, MODEL);
    const reference = await readFile(referencePath(folder.home, MODEL));
    expect(card.reference?.sha256).toBe(createHash('sha256').update(reference).digest('hex'));
    const rows = await rowsOf('monitoring/psi_20251201.csv');
    expect(rows.map((row) => row.variable)).toEqual([...card.features, 'predicted_clv']);
    const { population_stability } = await reportOf('20251201');
    expect(population_stability).toMatchObject({ is_available: true, predictions_from: 'baseline' });
    expect(population_stability.variables.map(({ psi }: { psi: number }) => String(psi))).toEqual(
      rows.map((row) => row.psi),
    );
  });

  test('of the very customers that the model was trained on is zero for every feature', async () => {
    const rows = await rowsOf('monitoring/psi_20250701.csv');
    expect(rows.filter((row) => Number(row.psi) !== 0).map((row) => row.variable)).toEqual(['predicted_clv']);
  });

  test('says that it is not available where the reference is gone, and the run is complete all the same', async () => {
    const path = referencePath(folder.home, MODEL);
    const text = await readFile(path);
    for (const spoil of [() => rm(path), () => writeFile(path, '{}')]) {
      await spoil();
      await scoreForNow('2025-09-01');
      expect((await reportOf('20250901')).population_stability).toMatchObject({ is_available: false });
    }
    // The same orders give it again, and the binary too, which the card then does not call purged any more.
    await setBinaryPurged(folder.home, MODEL, '2026-01-01T12:00:00.000Z');
    await rm(forestPath(folder.home, MODEL));
    const jobId = 'reproduce-reference';
    const request = { modelId: MODEL, orders: null };
    const result = await followJobs(
      bench.queues,
      'model-build',
      [jobId],
      async () => {
        await bench.queues.byName['model-build'].add(reproduceModel.name, request, { jobId });
        return jobId;
      },
      () => undefined,
    );
    expect(result).toMatchObject({ verdict: 'identical', restored: true });
    expect((await readCard(folder.home, MODEL)).binary_purged_at).toBeUndefined();
    expect((await auditRegistry(folder.home)).filter(({ state }) => state !== 'well')).toEqual([]);
    expect((await readFile(path)).equals(text)).toBe(true);
  });
});

describe('open windows', () => {
  test('are compared with the revenue that their customers really brought so far', async () => {
    const config = await loadConfig(folder.home);
    const book = await openOrders({ home: folder.home, clock: TEST_CLOCK, threads: 2 }, config, null);
    const { asOf, windows } = await watchOpenWindows(folder.home.outputs, book);
    const orders = (await readFile(`${folder.home.root}/orders.csv`, 'utf8')).trimEnd().split('\n');
    const names = orders[0].split(',');
    const [customer, date, revenue] = ['customer_id', 'order_date', 'revenue'].map((it) => names.indexOf(it));
    expect(windows.map(({ cutoff }) => cutoff)).toEqual(['2025-10-01', '2025-12-01']);
    for (const window of windows) {
      const known = new Set((await rowsOf(window.file)).map((row) => row.customer_id));
      const sum = orders
        .slice(1)
        .map((line) => line.split(','))
        .filter((cells) => known.has(cells[customer]) && cells[date].slice(0, 10) >= window.cutoff)
        .reduce((total, cells) => total + Number(cells[revenue]), 0);
      expect(window.realised).toBeCloseTo(sum, 2);
      expect(window.windowEnd).toBe(addMonths(window.cutoff, 6));
      expect(window.seasonalShare).toBeGreaterThan(0);
      expect(window.seasonalShare).toBeLessThan(1);
    }
    const rows = await rowsOf(`monitoring/partial_${asOf.replaceAll('-', '')}.csv`);
    expect(rows.map((row) => Number(row.ratio))).toEqual(
      windows.map(({ ratio }) => expect.closeTo(ratio as number, 6)),
    );
    book.close();
  });
});

describe('migration', () => {
  test('counts every customer of the two runs once', async () => {
    const { migration } = await reportOf('20251201');
    expect(migration.previous_cutoff).toBe('2025-10-01');
    for (const [kind, column, matrix] of [
      ['ranked_predictions', 'clv_segment', migration.tiers],
      ['clusters', 'cluster_id', migration.clusters],
    ]) {
      const segmentsOn = async (day: string) =>
        new Map((await rowsOf(`clv_${kind}_${day}_pred6m.csv`)).map((row) => [row.customer_id, row[column]]));
      const [before, now] = [await segmentsOn('20251001'), await segmentsOn('20251201')];
      const counts = matrix.from.map(() => matrix.to.map(() => 0));
      for (const id of new Set([...before.keys(), ...now.keys()])) {
        const row = matrix.from.indexOf(before.get(id) ?? '(new)');
        counts[row][matrix.to.indexOf(now.get(id) ?? '(gone)')]++;
      }
      expect(matrix.customers).toEqual(counts);
    }
    const cells = await rowsOf('monitoring/migration_20251201.csv');
    const sum = (matrix: { customers: number[][] }) => matrix.customers.flat().reduce((a, b) => a + b, 0);
    expect(
      cells.filter((row) => row.segments === 'tier').reduce((a, row) => a + Number(row.customers), 0),
    ).toBe(sum(migration.tiers));
    expect(sum(migration.tiers)).toBe(sum(migration.clusters));
  });

  test('has nothing to tell on the first run, and where the run before was changed by hand', async () => {
    expect((await reportOf('20250701')).migration.is_available).toBe(false);
    const path = `${folder.home.outputs}/clv_clusters_20251001_pred6m.csv`;
    const text = await readFile(path);
    await writeFile(path, 'customer_id\n');
    await scoreForNow('2025-11-01');
    expect((await reportOf('20251101')).migration).toMatchObject({
      is_available: false,
      reason: expect.stringMatching(/was changed after it was written/),
    });
    await writeFile(path, text);
  });
});

test('a run that is made again leaves the same monitoring files', async () => {
  await bench.score(await bench.runOf('2025-12-01'));
  const before = await outputPrints(folder.home);
  await bench.score(await bench.runOf('2025-12-01'));
  expect(await outputPrints(folder.home)).toEqual(before);
});
