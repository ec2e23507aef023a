import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { replaceFile } from '../../src/artefacts/files/replaceFile.ts';
import { findGridSearchProposal } from '../../src/artefacts/search/gridSearchProposal.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { CONFIG_TEMPLATE } from '../../src/config/template.ts';
import { chooseFeatures } from '../../src/domain/features/chooseFeatures.ts';
import { readDecisions } from '../../src/registry/approvalsLedger.ts';
import { openRequest } from '../../src/registry/requests.ts';
import { NOON, startTestServer, type TestServer } from '../apiServer.ts';
import { writeTestCandidate } from '../testModel.ts';
import { writeTestProposal } from '../testSearch.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  server.setTime(NOON);
  const { configFile, outputs, models } = server.folder.home;
  await writeFile(configFile, CONFIG_TEMPLATE);
  for (const folder of [outputs, models]) {
    await rm(folder, { recursive: true });
    await mkdir(folder);
  }
  await server.queues.byName['model-build'].obliterate({ force: true });
});

const post = (path: string, body?: object | string) => server.ask(path, { method: 'POST', body });
const search = (body?: object) => post('/api/grid-searches', body);
const queue = () => server.queues.byName['model-build'];
const jobCount = () => queue().getJobCountByTypes('waiting', 'waiting-children', 'active', 'delayed');

describe('POST /api/grid-searches', () => {
  test('queues a search with the settings of the request laid over the config', async () => {
    const reply = await search({
      history_months: [12, 6],
      pred_months: [3],
      folds: 3,
      weights: { rmse: 0.25, r2: 0.75 },
      rmse_basis: 'relative',
      hyper_parameters: { trees: [50, 100], features_per_split: [1] },
      orders: 'pilot.csv',
      note: 'a try',
      requested_by: 'Ada',
      override_eligibility: 'a pilot',
    });
    const id = 'clv_grid_search_20260101_120000';
    expect(reply.status).toBe(202);
    expect(reply.json).toEqual({
      search: {
        id,
        url: `/api/grid-searches/${id}`,
        job: { id: `grid-search-${id}`, url: `/api/jobs/grid-search-${id}` },
      },
    });
    expect(reply.headers.location).toBe(reply.json.search.url);
    expect((await queue().getJob(`grid-search-${id}`))?.data).toEqual({
      searchId: id,
      requestedAt: '2026-01-01T12:00:00.000Z',
      requestedBy: 'Ada',
      note: 'a try',
      eligibilityOverride: 'a pilot',
      orders: 'pilot.csv',
      settings: {
        historyMonths: [6, 12],
        predMonths: [3],
        folds: 3,
        rmseBasis: 'relative',
        weights: { rmse: 0.25, r2: 0.75 },
        hyperParameters: [50, 100].map((trees) => ({ trees, maxDepth: 12, minSamplesLeaf: 5, mtry: 'all' })),
        maxBins: 255,
        seed: 42,
        engine: 'tournament',
        isEngineForced: false,
        features: chooseFeatures(['all']),
        winsorise: null,
      },
    });
  });

  test('without a body searches as the config says', async () => {
    const reply = await search();
    expect(reply.status).toBe(202);
    const job = await queue().getJob(reply.json.search.job.id);
    expect(job?.data.settings).toMatchObject({ historyMonths: [3, 6, 9, 12, 15, 18], folds: 4 });
    expect(job?.data).toMatchObject({ requestedBy: 'the API', orders: null, eligibilityOverride: null });
  });

  test.each<[object, string, RegExp]>([
    [{ folds: 1 }, 'folds', /is below 2: one fold has no spread/],
    [{ folds: 2.5 }, 'folds', /is not a whole number/],
    [{ history_months: [] }, 'history_months', /is empty/],
    [{ history_months: 12 }, 'history_months', /is not a list/],
    [{ history_months: [12, 121] }, 'history_months.1', /is above 120/],
    [{ pred_months: [0] }, 'pred_months.0', /is below 1/],
    [{ rmse_basis: 'best' }, 'rmse_basis', /is not one of skill, relative, absolute/],
    [{ hyper_parameters: { trees: [0] } }, 'hyper_parameters.trees.0', /is below 1/],
    [{ hyper_parameters: { depth: [3] } }, 'hyper_parameters.depth', /is not a known key/],
    [{ override_eligibility: ' ' }, 'override_eligibility', /is empty/],
    [{ fold: 3 }, 'fold', /did you mean folds/],
  ])('refuses %o in plain words', async (body, path, says) => {
    const reply = await search(body);
    expect([reply.status, reply.json.error.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(reply.json.error.problems).toEqual([{ path, message: expect.stringMatching(says) }]);
    expect(await jobCount()).toBe(0);
  });

  test('refuses weights that do not add up to one', async () => {
    const reply = await search({ weights: { rmse: 0.5, r2: 0.6 } });
    expect([reply.status, reply.json.error.code]).toEqual([400, 'WEIGHTS_NOT_ONE']);
    expect(reply.json.error.message).toContain('together they have to be 1');
  });

  test('of many at one moment starts one; the others are given its address', async () => {
    const replies = await Promise.all(Array.from({ length: 4 }, () => search({ history_months: [12] })));
    expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    const winner = replies.find(({ status }) => status === 202)?.json.search;
    for (const reply of replies.filter(({ status }) => status === 409)) {
      expect(reply.json.error.code).toBe('GRID_SEARCH_BUSY');
      expect(reply.json.search).toEqual(winner);
    }
    server.setTime(NOON + 60_000);
    expect((await search()).json.search).toEqual(winner);
  });
});

describe('GET /api/grid-searches', () => {
  test('shows a search that waits, and lists it before the finished ones', async () => {
    const old = await writeTestProposal(server.folder.home, 'clv_grid_search_20250901_100000');
    const { id, url } = (await search({ note: 'now' })).json.search;
    const shown = await server.ask(url);
    expect(shown.json).toEqual({
      id,
      url,
      state: 'waiting',
      requested_at: '2026-01-01T12:00:00.000Z',
      requested_by: 'the API',
      note: 'now',
      progress: { percent: 0, doing: '' },
      failure: null,
      window: null,
      is_tie_within_noise: null,
      decision: null,
      files: {},
    });
    const { searches } = (await server.ask('/api/grid-searches')).json;
    expect(searches.map((it: { id: string }) => it.id)).toEqual([id, old.search_id]);
    expect(searches[1]).toMatchObject({
      state: 'proposed',
      window: { history_months: 12, pred_months: 3 },
      progress: null,
    });
  });

  test('lists the other searches where the job of one holds what no search can do, and says so of that one', async () => {
    const damaged = 'clv_grid_search_20200101_000000';
    const data = { searchId: damaged, settings: { folds: 1 } };
    await queue().add('grid-search', data, { jobId: `grid-search-${damaged}`, delay: 60_000 });
    await writeTestProposal(server.folder.home, 'clv_grid_search_20250101_100000');
    const listed = await server.ask('/api/grid-searches');
    expect(listed.status).toBe(200);
    const ids = listed.json.searches.map(({ id }: { id: string }) => id);
    expect(ids).toContain('clv_grid_search_20250101_100000');
    expect(ids).not.toContain(damaged);
    const alone = await server.ask(`/api/grid-searches/${damaged}`);
    expect([alone.status, alone.json.error.code]).toEqual([500, 'SEARCH_JOB_DAMAGED']);
  });

  test('serves the results and maps of a search, and nothing else', async () => {
    const id = 'clv_grid_search_20250902_100000';
    const { outputs } = server.folder.home;
    await writeTestProposal(server.folder.home, id);
    await replaceFile(`${outputs}/grid_search/clv_grid_search_results_20250902_100000.csv`, 'a,b\n1,2\n');
    await replaceFile(
      `${outputs}/grid_search/clv_grid_search_r2_20250902_100000.png`,
      Uint8Array.of(137, 80, 78, 71),
    );
    const shown = (await server.ask(`/api/grid-searches/${id}`)).json;
    expect(shown.proposal).toMatchObject({ search_id: id, status: 'proposed' });
    expect(Object.keys(shown.files)).toEqual(['results', 'r2_map']);
    const csv = await server.ask(shown.files.results);
    expect([csv.status, csv.headers['content-type'], csv.text]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'a,b\n1,2\n',
    ]);
    expect((await server.ask(shown.files.r2_map)).headers['content-type']).toBe('image/png');
    for (const name of [
      'clv_grid_search_rmse_20250902_100000.png',
      'clv_grid_search_results_20250901_100000.csv',
      `${id}.json`,
      '..%2F..%2Fconfig%2Fmodel_config.yaml',
    ]) {
      const reply = await server.ask(`/api/grid-searches/${id}/files/${name}`);
      expect([name, reply.status, reply.json.error.code]).toEqual([name, 404, 'SEARCH_FILE_UNKNOWN']);
    }
  });

  test.each(['clv_grid_search_20200101_000000', '..%2F..%2Fconfig', 'wait'])(
    'of the unknown search %s is 404',
    async (id) => {
      const reply = await server.ask(`/api/grid-searches/${id}`);
      expect([reply.status, reply.json.error.code]).toEqual([404, 'GRID_SEARCH_UNKNOWN']);
    },
  );
});

describe('POST /api/grid-searches/:id/approval', () => {
  const id = 'clv_grid_search_20260101_100000';
  const approve = { decision: 'approve', approver: 'Ada', note: 'the winner' };
  const decide = (body: object, of = id) => post(`/api/grid-searches/${of}/approval`, body);

  test('refuses what is no decision, with 400 and 404', async () => {
    await writeTestProposal(server.folder.home, id);
    const codes = async (body: object, of?: string) => {
      const reply = await decide(body, of);
      return [reply.status, reply.json.error.code];
    };
    const { approver: _a, ...nameless } = approve;
    const { note: _n, ...reasonless } = approve;
    expect(await codes(nameless)).toEqual([400, 'REQUEST_INVALID']);
    expect(await codes(reasonless)).toEqual([400, 'REQUEST_INVALID']);
    expect(await codes({ ...approve, note: ' ' })).toEqual([400, 'SIGNATURE_MISSING']);
    expect(await codes({ ...approve, approver: '' })).toEqual([400, 'SIGNATURE_MISSING']);
    expect(await codes({ ...approve, decision: 'maybe' })).toEqual([400, 'REQUEST_INVALID']);
    const window = { history_months: 24, pred_months: 12 };
    expect(await codes({ ...approve, window })).toEqual([400, 'WINDOW_NOT_EVALUATED']);
    expect(await codes({ ...approve, decision: 'reject', window })).toEqual([400, 'REQUEST_INVALID']);
    expect(await codes(approve, 'clv_grid_search_20200101_000000')).toEqual([404, 'GRID_SEARCH_UNKNOWN']);
    expect(await codes(approve, '..%2F..%2Fconfig')).toEqual([404, 'GRID_SEARCH_UNKNOWN']);
    expect((await findGridSearchProposal(server.folder.home.outputs, id))?.status).toBe('proposed');
    expect(await jobCount()).toBe(0);
  });

  test('queues the training of the window, once; whoever comes second gets 409', async () => {
    await writeTestProposal(server.folder.home, id);
    const replies = await Promise.all(
      ['Ada', 'Bob', 'Ada'].map((approver) => decide({ ...approve, approver })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const won = replies.find(({ status }) => status === 202);
    expect(won?.json).toMatchObject({
      search: { id, state: 'approved' },
      decision: { gate: 'window', window: { history_months: 12, pred_months: 3 } },
      model_id: 'clv_model_20260101_120000',
    });
    expect(won?.headers.location).toBe('/api/jobs/train-champion-clv_model_20260101_120000');
    const job = await queue().getJob(won?.json.job.id);
    expect(job?.data).toMatchObject({ historyMonths: 12, predMonths: 3, search: { id }, cutoff: null });
    expect((await loadConfig(server.folder.home)).modeling.pred_months).toBe(3);
    expect((await decide(approve)).json.error.code).toBe('ALREADY_DECIDED');
    expect(await jobCount()).toBe(1);
  });

  test('of an older search is 409 with the newer one', async () => {
    const older = 'clv_grid_search_20250901_100000';
    for (const of of [older, id]) await writeTestProposal(server.folder.home, of);
    const reply = await decide(approve, older);
    expect([reply.status, reply.json.error.code]).toEqual([409, 'GRID_SEARCH_SUPERSEDED']);
    expect(reply.json.error.message).toContain(id);
  });

  test('rejects with 200 and queues nothing', async () => {
    await writeTestProposal(server.folder.home, id);
    const reply = await decide({ ...approve, decision: 'reject', note: 'too noisy' });
    expect([reply.status, reply.json.search.state, reply.json.mended]).toEqual([200, 'rejected', []]);
    expect(await jobCount()).toBe(0);
  });
});

test('with Redis gone an approval is refused and changes nothing; it counts as soon as Redis answers', async () => {
  const id = 'clv_grid_search_20260101_115900';
  const { home } = server.folder;
  await writeTestProposal(home, id);
  const decide = () =>
    post(`/api/grid-searches/${id}/approval`, { decision: 'approve', approver: 'Ada', note: 'the winner' });
  const decided = async () => (await readDecisions(home)).decisions.map(({ decision }) => decision.subject);
  await server.crashRedis();
  const reply = await decide();
  expect([reply.status, reply.json.error.code]).toEqual([503, 'REDIS_AWAY']);
  expect(await readFile(home.configFile, 'utf8')).toBe(CONFIG_TEMPLATE);
  expect((await findGridSearchProposal(home.outputs, id))?.status).toBe('proposed');
  expect(await decided()).not.toContain(id);
  await expect.poll(async () => (await decide()).status, { timeout: 300_000 }).toBe(202);
  expect(await decided()).toContain(id);
});

describe('POST /api/trainings', () => {
  test('queues a candidate as clv train does, each of one second with an id of its own', async () => {
    const body = { cutoff: '2025-06-01', history_months: 9, pred_months: 3, orders: 'pilot.csv' };
    server.setTime(NOON + 5000);
    const replies = [await post('/api/trainings', body), await post('/api/trainings')];
    expect(replies.map(({ status, json }) => [status, json.model_id])).toEqual([
      [202, 'clv_model_20260101_120005'],
      [202, 'clv_model_20260101_120006'],
    ]);
    const [first, second] = await Promise.all(replies.map(({ json }) => queue().getJob(json.job.id)));
    expect(first?.data).toEqual({
      modelId: 'clv_model_20260101_120005',
      cutoff: '2025-06-01',
      historyMonths: 9,
      predMonths: 3,
      orders: 'pilot.csv',
      overrideEligibility: null,
      hyperParameters: null,
      search: null,
      signOff: null,
    });
    expect(second?.data).toMatchObject({ cutoff: null, historyMonths: null, orders: null });
  });

  test('gives each of several requests of one moment a training of its own', async () => {
    server.setTime(NOON + 60_000);
    const months = [3, 4, 5, 6, 7, 8];
    const replies = await Promise.all(
      months.map((history_months) => post('/api/trainings', { history_months })),
    );
    const queued = await Promise.all(replies.map(({ json }) => queue().getJob(json.job.id)));
    expect(queued.map((job) => job?.data.historyMonths)).toEqual(months);
  });

  test('refuses a cutoff whose labels end after today, and takes the one before', async () => {
    server.setTime(NOON + 120_000);
    const count = () => queue().getJobCountByTypes('waiting', 'prioritized', 'delayed', 'active');
    const before = await count();
    const { status, json } = await post('/api/trainings', { cutoff: '2025-07-03' });
    expect([status, json.error]).toEqual([
      400,
      {
        code: 'CUTOFF_NOT_MATURED',
        message:
          'A model of 6 months ahead cannot be trained at 2025-07-03: its labels end at 2026-01-03, and today is 2026-01-01.',
        remedy: 'Train at 2025-07-02 or earlier, or predict fewer months.',
      },
    ]);
    const last = await post('/api/trainings', { cutoff: '9999-12-31', pred_months: 36 });
    expect([last.status, last.json.error.code]).toEqual([400, 'CUTOFF_NOT_MATURED']);
    expect(await count()).toBe(before);
    expect((await post('/api/trainings', { cutoff: '2025-07-02' })).status).toBe(202);
    expect((await post('/api/trainings', { cutoff: '2025-10-02', pred_months: 3 })).status).toBe(202);
  });

  test.each<[object, string]>([
    [{ cutoff: '2025-02-30' }, 'cutoff'],
    [{ history_months: 0 }, 'history_months'],
    [{ sign_off: 'Ada' }, 'sign_off'],
  ])('refuses %o', async (body, path) => {
    const reply = await post('/api/trainings', body);
    expect([reply.status, reply.json.error.problems[0].path]).toEqual([400, path]);
  });
});

describe('GET /api/models', () => {
  test('lists models newest first with where they stand, and shows the card of one', async () => {
    await writeTestCandidate(server.folder.home, 'clv_model_20250101_000000', 40);
    const { models, champion } = (await server.ask('/api/models')).json;
    expect(champion).toBeNull();
    expect(models.at(-1)).toEqual({
      id: 'clv_model_20250101_000000',
      url: '/api/models/clv_model_20250101_000000',
      status: 'candidate',
      created_at: '2026-01-01T11:00:00.000Z',
      cutoff: '2025-07-01',
      history_months: 12,
      pred_months: 6,
      rmse: 40,
      r2: 0.4,
      search_id: null,
    });
    const shown = await server.ask(models.at(-1).url);
    expect(shown.json).toMatchObject({
      status: 'candidate',
      card: { metrics: { out_of_time: { rmse: 40 } } },
    });
    expect((await server.ask('/api/models/clv_model_20200101_000000')).status).toBe(404);
    await writeFile(`${server.folder.home.cards}/clv_model_20250102_000000.json`, '{');
    const { models: again } = (await server.ask('/api/models')).json;
    expect(again).toHaveLength(models.length + 1);
    expect(again.at(-2).error.code).toBe('CARD_DAMAGED');
  });
});

describe('requests', () => {
  const open = (id: string) =>
    openRequest(server.folder.home, {
      id,
      kind: 'sustained-drift',
      reason: 'Two in a row.',
      evidence: { alerts: 2 },
      nowMs: NOON,
    });
  const signature = { by: 'Ada', note: 'worth a look' };

  test('one call turns an open request into a search; a second is refused', async () => {
    await open('drift-1');
    server.setTime(NOON + 10_000);
    const reply = await post('/api/requests/drift-1/grid-search', signature);
    expect([reply.status, reply.json.search.id]).toEqual([202, 'clv_grid_search_20260101_120010']);
    expect((await queue().getJob(reply.json.search.job.id))?.data).toMatchObject({
      requestedBy: 'Ada',
      note: 'worth a look (request drift-1)',
      requestedAt: '2026-01-01T12:00:10.000Z',
    });
    expect((await server.ask('/api/requests')).json.requests[0]).toMatchObject({
      id: 'drift-1',
      status: 'search-started',
      search_id: 'clv_grid_search_20260101_120010',
      decided_by: 'Ada',
    });
    const again = await post('/api/requests/drift-1/grid-search', signature);
    expect([again.status, again.json.error.code]).toEqual([409, 'ALREADY_DECIDED']);
    expect((await post('/api/requests/drift-1/dismissal', signature)).status).toBe(409);
  });

  test('a search whose job was never queued is queued by the same call again', async () => {
    await open('drift-2');
    server.setTime(NOON + 20_000);
    await post('/api/requests/drift-2/grid-search', signature);
    await queue().obliterate({ force: true });
    server.setTime(NOON + 90_000);
    const reply = await post('/api/requests/drift-2/grid-search', signature);
    expect([reply.status, reply.json.search.id]).toEqual([202, 'clv_grid_search_20260101_120020']);
  });

  test('while a search is in progress the request stays open, and its address is told', async () => {
    await open('drift-3');
    const running = (await search({ history_months: [12] })).json.search;
    const reply = await post('/api/requests/drift-3/grid-search', signature);
    expect([reply.status, reply.json.search]).toEqual([409, running]);
    const { requests } = (await server.ask('/api/requests')).json;
    expect(requests.find((it: { id: string }) => it.id === 'drift-3').status).toBe('open');
  });

  test('a dismissal starts nothing, and needs a name and a reason', async () => {
    await open('drift-4');
    expect((await post('/api/requests/drift-4/dismissal', { by: 'Ada' })).status).toBe(400);
    expect((await post('/api/requests/drift-4/dismissal', { ...signature, by: ' ' })).status).toBe(400);
    const reply = await post('/api/requests/drift-4/dismissal', signature);
    expect([reply.status, reply.json.request.status]).toEqual([200, 'dismissed']);
    expect(await jobCount()).toBe(0);
  });

  test.each(['grid-search', 'dismissal'])('of an unknown id is 404 (%s)', async (verb) => {
    const reply = await post(`/api/requests/nothing/${verb}`, signature);
    expect([reply.status, reply.json.error.code]).toEqual([404, 'REVIEW_REQUEST_UNKNOWN']);
  });
});
