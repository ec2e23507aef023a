import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newGridSearch } from '../../queues/gridSearch.ts';
import { plainTraining } from '../../queues/modelBuild.ts';
import { openQueues } from '../../queues/openQueues.ts';
import { startGridSearch } from '../../queues/startGridSearch.ts';
import { startTraining } from '../../queues/startTraining.ts';
import { gridSearchSettings } from '../../src/config/gridSearchSettings.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { appendDecision } from '../../src/registry/approvalsLedger.ts';
import { openRequest, readRequest } from '../../src/registry/requests.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { runClv } from '../runClv.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestProposal } from '../testSearch.ts';

let redis: TestRedis;
let folder: TemporaryHome;
/** A home without orders: what is decided there supersedes no search of the other, and asks nobody there. */
let bare: TemporaryHome;

const clv = (...args: string[]) => runClv({ redisUrl: redis.url, home: folder.home.root }, args);
const clvInBare = (...args: string[]) => runClv({ redisUrl: redis.url, home: bare.home.root }, args);

beforeAll(async () => {
  [redis, folder, bare] = await Promise.all([startTestRedis(), makeHome(), makeHome()]);
  const out = `${folder.home.root}/orders.csv`;
  await writeSampleShop({ out, end: '2026-01-01', customers: 800, months: 30 });
  await folder.configure('  orders: null', '  orders: orders.csv');
  await folder.configure('trees: 200', 'trees: 10');
  // Searches look at windows here, whichever the engine, and a single forest is fitted in a third of the time.
  await folder.configure('engine: tournament', 'engine: forest');
});
afterAll(async () => {
  await redis?.stop();
  await Promise.all([folder?.remove(), bare?.remove()]);
});

test('a search is approved with another window, which is trained while the person looks on', async () => {
  const searched = await clv(
    ...['grid-search', '--history-months', '6,12', '--pred-months', '6', '--json'],
    ...['--override-eligibility', 'the sample ends long ago'],
  );
  expect([searched.code, searched.stderr]).toEqual([0, '']);
  const id = JSON.parse(searched.stdout).search_id;
  // A single forest may lose the contest, and would not be signed off as it is.
  await folder.configure('engine: forest', 'engine: tournament');
  onTestFinished(() => folder.configure('engine: tournament', 'engine: forest'));
  const signature = ['--by', 'Ada', '--note', 'a whole year'];

  const skipped = await clv('approve', id, '--window', '9x9', ...signature);
  expect([skipped.code, skipped.stderr]).toEqual([1, expect.stringContaining('did not look at 9 months')]);
  const odd = await clv('approve', id, '--window', '9', ...signature);
  expect([odd.code, odd.stderr]).toEqual([1, expect.stringContaining('for example 12x6')]);

  const approved = await clv('approve', id, '--window', '12x6', ...signature, '--json');
  expect(approved.code, approved.stderr).toBe(0);
  const { decision, proposal, training } = JSON.parse(approved.stdout);
  expect(decision).toMatchObject({ subject: id, window: { history_months: 12, pred_months: 6 } });
  expect(proposal.status).toBe('approved');
  expect(training).toMatchObject({ model_id: proposal.decision.model_id, status: 'candidate' });
  expect((await loadConfig(folder.home)).modeling).toMatchObject({ history_months: 12, pred_months: 6 });

  const again = await clv('approve', id, ...signature);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('was approved by Ada')]);
  const misplaced = await clv('approve', training.model_id, '--window', '12x6', ...signature);
  expect([misplaced.code, misplaced.stderr]).toEqual([1, expect.stringContaining('goes with a search')]);
  const signed = await clv('approve', training.model_id, '--by', 'Bob', '--note', 'good');
  expect([signed.code, signed.stdout]).toEqual([0, expect.stringContaining(training.model_id)]);
});

test('a search that a killed command left in the queue is followed by the same command, and not refused for ever', async () => {
  const { home } = folder;
  const queues = await openQueues(redis.url, home.id, () => undefined);
  onTestFinished(() => queues.close());
  const config = await loadConfig(home);
  const settings = gridSearchSettings(config, { historyMonths: [6], predMonths: [3] });
  const left = newGridSearch('20260101_120000', 0, settings, {
    ...{ requestedBy: 'Ada', note: '', orders: null },
    eligibilityOverride: 'the sample ends long ago',
  });
  await startGridSearch(queues, left);
  const { code, stdout, stderr } = await clv(
    ...['grid-search', '--history-months', '6', '--pred-months', '3'],
    ...['--override-eligibility', 'the sample ends long ago'],
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining('This search is in the queue already')]);
  expect(stdout).toContain('clv approve clv_grid_search_20260101_120000');
});

test('a training that a killed approval left in the queue is followed by the same approval', async () => {
  const { home } = folder;
  const [id, modelId] = ['clv_grid_search_20250101_000000', 'clv_model_20250101_120000'];
  const signature = { approver: 'Ada', note: 'the winner', ticket: null };
  const window = { history_months: 6, pred_months: 3 };
  const decision = { at: '2025-01-01T12:00:00.000Z', decision: 'approve', ...signature, window } as const;
  await writeTestProposal(home, id, { status: 'approved', decision: { ...decision, model_id: modelId } });
  await appendDecision(home, { ...decision, gate: 'window', subject: id, champion_before: null });
  const queues = await openQueues(redis.url, home.id, () => undefined);
  onTestFinished(() => queues.close());
  await startTraining(queues, {
    ...plainTraining(modelId),
    historyMonths: 6,
    predMonths: 3,
    overrideEligibility: 'the sample ends long ago',
  });
  const other = await clv('approve', id, '--by', 'Bob', '--note', 'the winner');
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('a gate is decided once')]);
  const same = await clv('approve', id, '--by', 'Ada', '--note', 'the winner');
  expect([same.code, same.stderr]).toEqual([0, expect.stringContaining('is in the queue already')]);
  expect(same.stdout).toContain(`Candidate  ${modelId}`);
});

test('a search is rejected without a queue', async () => {
  const id = 'clv_grid_search_20990101_000000';
  await writeTestProposal(bare.home, id);
  const rejected = await clvInBare('approve', id, '--reject', '--by', 'Ada', '--note', 'too noisy');
  expect([rejected.code, rejected.stdout]).toEqual([0, expect.stringContaining(`${id} rejected by Ada`)]);
});

test('a request is turned into a search by one command, which closes it', async () => {
  expect((await clv('requests')).stdout).toBe('Nothing is asked of anybody.\n');
  await openRequest(folder.home, {
    id: 'quarterly-review-20251001',
    kind: 'quarterly-review',
    reason: 'A quarter has gone by.',
    evidence: {},
    nowMs: 0,
  });
  const [command] = /clv grid-search --request \S+/.exec((await clv('requests')).stdout) ?? [];
  expect(command).toBe('clv grid-search --request quarterly-review-20251001');
  const asked = ['grid-search', '--request', 'quarterly-review-20251001', '--by', 'Ada'];
  const unsaid = await clv(...asked);
  expect([unsaid.code, unsaid.stderr]).toEqual([1, expect.stringContaining('note')]);
  const chosen = await clv(...asked, '--note', 'worth a look', '--folds', '3');
  expect([chosen.code, chosen.stderr]).toEqual([
    1,
    expect.stringContaining("cannot be used with option '--folds"),
  ]);

  await folder.configure('history_months: [3, 6, 9, 12, 15, 18]', 'history_months: [6]');
  await folder.configure('pred_months: [3, 6, 9, 12]', 'pred_months: [6]');
  await folder.configure('max_days_since_last_order: 30', 'max_days_since_last_order: 100000');
  const searched = await clv(...asked, '--note', 'worth a look', '--json');
  expect([searched.code, searched.stderr]).toEqual([0, '']);
  const { search_id, requested_by, note } = JSON.parse(searched.stdout);
  expect([requested_by, note]).toEqual(['Ada', 'worth a look (request quarterly-review-20251001)']);
  expect(await readRequest(folder.home, 'quarterly-review-20251001')).toMatchObject({
    status: 'search-started',
    decided_by: 'Ada',
    search_id,
  });
});

test('requests are listed, and dismissed by name', async () => {
  await openRequest(bare.home, {
    id: 'quarterly-review-20260101',
    kind: 'quarterly-review',
    reason: 'A quarter has gone by.',
    evidence: {},
    nowMs: 0,
  });
  expect((await clvInBare('requests')).stdout).toContain('A quarter has gone by.');
  const nameless = await clvInBare('requests', 'quarterly-review-20260101', '--dismiss');
  expect([nameless.code, nameless.stderr]).toEqual([
    1,
    expect.stringContaining('The name of the person is missing'),
  ]);
  const dismissed = await clvInBare(
    ...['requests', 'quarterly-review-20260101', '--dismiss', '--by', 'Ada', '--note', 'all is well'],
  );
  expect([dismissed.code, dismissed.stdout]).toEqual([0, expect.stringContaining('Dismissed by Ada')]);
});
