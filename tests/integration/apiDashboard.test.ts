import { appendFile, mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { UnrecoverableError } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appendDriftResult } from '../../src/alerts/driftHistory.ts';
import { alertIdOf } from '../../src/artefacts/names.ts';
import { readRegistry } from '../../src/registry/registryState.ts';
import { openRequest } from '../../src/registry/requests.ts';
import { deployTestChampion, NOON, startTestServer, type TestServer, workOnce } from '../apiServer.ts';
import { writeTestPredictions } from '../maturedWindow.ts';
import { type Bench, openBench, outputPrints } from '../runOnQueues.ts';
import { writeTestCandidate } from '../testModel.ts';
import { writeTestProposal } from '../testSearch.ts';
import { writeTestOrders } from '../testShop.ts';
import { resultOf } from '../unit/drift/driftResults.ts';

let server: TestServer;

/** The page as it is read. */
async function page(): Promise<string> {
  const reply = await server.ask('/dashboard');
  expect(reply.status).toBe(200);
  return reply.text.replace(/<style>.*?<\/style>|<svg.*?<\/svg>|<[^>]+>/gs, ' ').replace(/\s+/g, ' ');
}

describe('the dashboard of a shop that was trained and scored', () => {
  let bench: Bench;

  beforeAll(async () => {
    server = await startTestServer();
    const { folder, redis } = server;
    await writeTestOrders(folder, { customers: 700, trees: 10, engine: 'forest' });
    await folder.configure('launch_date: null', 'launch_date: 2025-12-20');
    bench = await openBench(folder.home, redis.url);
    await bench.startWorkers();
    await bench.train();
    await bench.score(await bench.runOf('2026-01-01'));
  });
  afterAll(async () => {
    await bench?.close();
    await server?.close();
  });

  test('shows the model, the run and the window that waits, and that all is well', async () => {
    const text = await page();
    expect(text).toContain('All is well. Nothing waits for a person.');
    expect(text).toContain('clv_model_20260101_120000 , in service since 2026-01-01');
    expect(text).toContain('signed off by Test Person');
    expect(text).toContain('2026-01-01 cutoff of the newest complete run');
    expect(text).toContain(
      'The next run begins on Monday 2026-01-05, 06:00 (in 3 days). It scores the cutoff 2026-01-15, once that day has come.',
    );
    expect(text).toContain('2026-01-01 6 2026-07-01 in 180 days');
  });

  test('sums the tiers of the ranked file up to what the run report says', async () => {
    const { outputs, runReports } = server.folder.home;
    const report = JSON.parse(await readFile(`${runReports}/clv_run_20260101_pred6m.json`, 'utf8'));
    const ranked = await readFile(`${outputs}/clv_ranked_predictions_20260101_pred6m.csv`, 'utf8');
    const rows = ranked
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const column = ranked.split('\n', 1)[0].split(',').indexOf('clv_segment');
    const text = await page();
    for (const { label, customers } of report.tiers) {
      const sum = rows
        .filter((row) => row[column] === label)
        .reduce((total, row) => total + Number(row[1]), 0);
      const money = sum.toLocaleString('en-GB', { maximumFractionDigits: 0 });
      expect(text).toContain(
        `${label} ${customers} ${((customers / report.customers) * 100).toFixed(1)} % ${money} `,
      );
    }
    expect(text).toContain(`Still active Next order ${rows.find((row) => row[7] === '1')![0]} Top 1% `);
  });

  test('reads a run anew that was scored again', async () => {
    const { outputs, runReports } = server.folder.home;
    const reportPath = `${runReports}/clv_run_20260101_pred6m.json`;
    const rankedPath = `${outputs}/clv_ranked_predictions_20260101_pred6m.csv`;
    const [reportText, ranked] = await Promise.all([
      readFile(reportPath, 'utf8'),
      readFile(rankedPath, 'utf8'),
    ]);
    await page();
    const changed = `${ranked}zz-new,999999,1,1,,,,1,0.001,Top 1%${','.repeat(ranked.split('\n', 1)[0].split(',').length - 10)}\n`;
    const report = JSON.parse(reportText);
    const entry = report.files.find(({ file }: { file: string }) => rankedPath.endsWith(file));
    entry.bytes = Buffer.byteLength(changed);
    entry.sha256 = 'another';
    await writeFile(rankedPath, changed);
    await writeFile(reportPath, JSON.stringify(report));
    expect(await page()).toContain('zz-new Top 1% 999,999.00');
    await writeFile(rankedPath, ranked);
    await writeFile(reportPath, reportText);
    expect(await page()).not.toContain('zz-new');
  });

  test('says so in place of tiers where the ranked file is gone, and shows them when it is back', async () => {
    const { outputs, runReports } = server.folder.home;
    const reportPath = `${runReports}/clv_run_20260101_pred6m.json`;
    const rankedPath = `${outputs}/clv_ranked_predictions_20260101_pred6m.csv`;
    const reportText = await readFile(reportPath, 'utf8');
    // Another checksum, so that what was read before does not count.
    await writeFile(reportPath, reportText.replaceAll(/"sha256": "./g, '"sha256": "x'));
    await rename(rankedPath, `${rankedPath}.away`);
    const text = await page();
    expect(text).toContain('clv_ranked_predictions_20260101_pred6m.csv is missing from outputs');
    expect(text).toContain('One thing needs a person.');
    expect(text).toContain('Behaviour clusters Cluster Rank');
    await rename(`${rankedPath}.away`, rankedPath);
    expect(await page()).toContain('Value tiers Tier Customers');
    expect(await page()).toContain('All is well.');
    await writeFile(reportPath, reportText);
  });

  test('changes no file and queues nothing', async () => {
    const { home } = server.folder;
    const state = async () => ({
      prints: await outputPrints(home),
      models: await readdir(home.models, { recursive: true }),
      jobs: await Promise.all(Object.values(server.queues.byName).map((queue) => queue.getJobCounts())),
    });
    const before = await state();
    await page();
    expect(await state()).toEqual(before);
  });

  test('says that orders no longer arrive once the next run would refuse them', async () => {
    const orders = `${server.folder.home.root}/orders.csv`;
    await utimes(orders, new Date(NOON), new Date(NOON));
    server.setTime(NOON + 7 * 86_400_000);
    expect(await page()).not.toContain('No new orders have arrived');
    server.setTime(NOON + 9 * 86_400_000);
    expect(await page()).toContain('No new orders have arrived');
    server.setTime(NOON);
  });

  test('tells of a window whose months have passed and that was not compared', async () => {
    server.setTime(Date.UTC(2026, 6, 3));
    expect(await page()).toContain(
      'The forecast of 2026-01-01, 6 months ahead, was not compared with reality 2 days ago, 2026-07-01',
    );
    server.setTime(NOON);
  });
});

describe('the dashboard of a home', () => {
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server?.close());

  test('that is fresh says what to do next', async () => {
    expect(await page()).toContain('Nothing is wrong, and there is no forecast yet.');
  });

  test('names everything that waits for a person, with the command that settles it', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    await writeTestCandidate(home, 'clv_model_20260101_113000');
    await writeTestProposal(home, 'clv_grid_search_20260101_100000');
    await openRequest(home, {
      id: 'quarterly-review-20260101',
      kind: 'quarterly-review',
      reason: 'Look whether a new search is due.',
      evidence: {},
      nowMs: NOON - 3_600_000,
    });
    await appendDriftResult(home, resultOf('2025-01-01', 75));
    await server.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2025-12-01' } });
    await workOnce(server, () => {
      throw new UnrecoverableError('The orders are gone.');
    });
    server.setTime(Date.now());
    const text = await page();
    expect(text).toContain('5 things need a person.');
    for (const words of [
      'clv approve clv_model_20260101_113000 --by NAME --note TEXT',
      'clv approve clv_grid_search_20260101_100000 --by NAME --note TEXT',
      'clv requests quarterly-review-20260101 --dismiss --by NAME --note TEXT',
      `clv acknowledge ${alertIdOf(resultOf('2025-01-01', 75))} --by NAME --note TEXT`,
      '1 failed job in scoring',
      'score-customers-20251201-pred6m: The orders are gone.',
    ])
      expect(text).toContain(words);
  });

  test('does not ask for what was decided on', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    await writeTestProposal(home, 'clv_grid_search_20260101_100000', { status: 'rejected' });
    await appendDriftResult(home, resultOf('2025-01-01', 75));
    const id = alertIdOf(resultOf('2025-01-01', 75));
    await server.ask(`/api/alerts/${id}/acknowledgement`, {
      method: 'POST',
      body: { by: 'Ada', note: 'sale' },
    });
    const text = await page();
    expect(text).not.toContain('clv_grid_search_20260101_100000');
    expect(text).toContain('alert, Ada');
    expect(text).not.toContain('thing needs a person');
  });

  test('leaves a half-written ledger as it is, and shows the last whole row', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    const manifest = `${home.models}/champion_manifest.csv`;
    await appendFile(manifest, '2026-01-02T00:00');
    const before = await readFile(manifest, 'utf8');
    expect(await page()).toContain('clv_model_20260101_110000 , in service since');
    expect(await readFile(manifest, 'utf8')).toBe(before);
    expect((await readRegistry(home)).isTorn).toBe(true);
  });

  test('shows the other blocks where one file is damaged', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    await writeFile(`${home.cards}/clv_model_20260102_110000.json`, '{}');
    await mkdir(home.runReports, { recursive: true });
    await writeFile(`${home.runReports}/clv_run_20251201_pred6m.json`, '{"cutoff": 3}');
    await mkdir(home.monitoring, { recursive: true });
    await writeFile(`${home.monitoring}/drift_history.csv`, 'nonsense\n');
    const text = await page();
    expect(text).toContain('3 things need a person.');
    expect(text).toContain('clv_model_20260102_110000.json is damaged');
    expect(text).toContain('clv_run_20251201_pred6m.json is damaged: cutoff:');
    expect(text).toContain('is not the header that it should have');
    expect(text).toContain('signed off by Test Person');
  });

  test('names a sidecar that was edited into an impossible date, and shows the windows of the others', async () => {
    const { home } = server.folder;
    const written = { modelId: 'clv_model_20260101_110000', predMonths: 6 };
    await writeTestPredictions(home, { ...written, cutoff: '2025-12-01' }, { a: 1, b: 2 });
    const path = await writeTestPredictions(home, { ...written, cutoff: '2025-11-01' }, { a: 1, b: 2 });
    const sidecar = path.replace('.csv', '.meta.json');
    await writeFile(sidecar, (await readFile(sidecar, 'utf8')).replace('"2025-11-01"', '"2025-13-01"'));
    const text = await page();
    expect(text).toContain(
      'outputs/clv_predictions_20251101_pred6m.meta.json is damaged: cutoff: must be a date',
    );
    expect(text).toContain('One thing needs a person.');
    expect(text).toContain('2025-12-01 6 2026-06-01 in 150 days');
  });

  test('tells why a job failed in its sentence, without the trace, and without where the home lies', async () => {
    const { home } = server.folder;
    await deployTestChampion(home);
    await server.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2025-12-01' } });
    await workOnce(server, () => {
      throw new UnrecoverableError(`${home.outputs}/x.csv is gone.\n    at readX (/srv/code/x.js:1:2)`);
    });
    server.setTime(Date.now());
    const text = await page();
    expect(text).toContain('score-customers-20251201-pred6m: outputs/x.csv is gone.');
    expect(text).not.toContain('at readX');
  });

  test('names the line of a config that cannot be used', async () => {
    await server.folder.configure('seed: 42', 'seeed: 42');
    const text = await page();
    expect(text).toContain('The config cannot be used');
    expect(text).toMatch(/line \d+: modeling\.seeed is not a known key/);
    expect(text).toContain('One thing needs a person.');
  });

  test('shows all that files know while Redis is away, and says so', async () => {
    await deployTestChampion(server.folder.home);
    await server.redis.stop();
    const startedAt = performance.now();
    const text = await page();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(text).toContain('Redis is away');
    expect(text).toContain('Redis does not answer, so nothing can be queued or looked up.');
    expect(text).toContain('clv_model_20260101_110000 , in service since 2026-01-01');
  });

  test('says that the workers are paused while another home has the id of this one on Redis, and what to do', async () => {
    const { home } = server.folder;
    const claim = `clv:${home.id}:home`;
    await server.queues.redis.set(claim, 'the other one');
    const text = await page();
    expect(text).toContain('One thing needs a person.');
    expect(text).toContain('The workers are paused: another home has the id of this one on Redis');
    expect(text).toContain('set CLV_HOME_ID to a name that no other home on this Redis has');
    expect(text).toContain(`DEL ${claim}`);
    expect(text).toContain('these may be its jobs, and the workers of this home are paused.');
    await server.queues.redis.del(claim);
    expect(await page()).not.toContain('workers are paused');
  });

  test('says that a queue is paused for as long as it is', async () => {
    await server.ask('/queues/api/queues/scoring/pause', { method: 'PUT' });
    expect(await page()).toContain('The queue scoring is paused Nothing in it begins until');
    expect(await page()).toContain('scoring (paused)');
    await server.ask('/queues/api/queues/scoring/resume', { method: 'PUT' });
    expect(await page()).not.toContain('paused');
  });

  test('tells of a run that waits for the day of its cutoff', async () => {
    await deployTestChampion(server.folder.home);
    const { status } = await server.ask('/api/score-runs', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ cutoff: '2026-03-01' }),
    });
    expect(status).toBe(202);
    expect(await page()).toMatch(/cutoff 2026-03-01: begins on Sunday 2026-03-01, 06:00/);
  });

  test('is a page of the strict policy that names the board, and the board names it', async () => {
    const { headers, text } = await server.ask('/dashboard');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*style-src 'unsafe-inline'$/);
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toContain('<a href="/queues">');
    expect((await server.ask('/queues')).text).toContain('/dashboard');
  });
});

test('the dashboard asks for the key like every other address', async () => {
  server = await startTestServer({ apiKey: 'secret' });
  expect((await server.ask('/dashboard')).status).toBe(401);
  const headers = { Authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` };
  expect((await server.ask('/dashboard', { headers })).status).toBe(200);
  await server.close();
});

test('the dashboard is refused under a name that the server was not reached by', async () => {
  server = await startTestServer();
  expect((await server.ask('/dashboard', { headers: { Host: 'evil.example' } })).status).toBe(403);
  await server.close();
});
