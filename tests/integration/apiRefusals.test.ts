import { appendFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendDriftResult } from '../../src/alerts/driftHistory.ts';
import { refusalsOf } from '../../src/api/openapi/refusalsOf.ts';
import { isOfApi, type Route } from '../../src/api/route.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { alertIdOf } from '../../src/artefacts/names.ts';
import type { Home } from '../../src/config/home.ts';
import { withMonitoringLock, withRegistryLock, withScheduleLock } from '../../src/locks/homeLocks.ts';
import { appendDecision } from '../../src/registry/approvalsLedger.ts';
import { cardPath, forestPath, readCard, writeCard } from '../../src/registry/modelCard.ts';
import { openRequest } from '../../src/registry/requests.ts';
import { recordSlot } from '../../src/schedule/slotLedger.ts';
import { Duck } from '../../src/tables/duck.ts';
import {
  deployTestChampion,
  NOON,
  type Question,
  type Reply,
  startTestServer,
  type TestServer,
  workOnce,
} from '../apiServer.ts';
import { writeTestCandidate } from '../testModel.ts';
import { writeTestProposal } from '../testSearch.ts';
import { resultOf } from '../unit/drift/driftResults.ts';

const CHAMPION = 'clv_model_20260101_110000';
const FORMER = 'clv_model_20250101_000000';
const CANDIDATE = 'clv_model_20260101_000000';
const UNKNOWN = 'clv_model_20200101_000000';
const [OLD_SEARCH, SEARCH] = ['clv_grid_search_20250101_100000', 'clv_grid_search_20260101_100000'];
const BAD_WINDOW = resultOf('2025-01-01', 75);
const ALERT = alertIdOf(BAD_WINDOW);

const signature = { approver: 'Ada', note: 'for the test' };
const approval = { ...signature, decision: 'approve' };
const by = { by: 'Ada', note: 'for the test' };
const ORDERS = 'customer_id,order_date,revenue\n';

/** A home with a champion before this one, a candidate, searches, a request and an alert. */
let whole: TestServer;
/** A home with nothing in it. */
let bare: TestServer;
/** One that asks for a key. */
let locked: TestServer;
/** One whose Redis is gone, and one whose Redis takes no writes. */
let away: TestServer;
let refusing: TestServer;
/** One whose files somebody else is changing all the time. */
let held: TestServer;
/** What it answers, by operation: locks are waited for, so all is asked at once. */
let busy: ReadonlyMap<string, Promise<Reply>>;
let endBusy: () => void;

beforeAll(async () => {
  [whole, bare, locked, away, refusing, held] = await Promise.all([
    startTestServer(),
    startTestServer(),
    startTestServer({ apiKey: 'the key' }),
    startTestServer(),
    startTestServer(),
    startTestServer(),
  ]);
  for (const { folder } of [whole, away, refusing, held]) await furnish(folder.home);
  for (const { folder } of [away, refusing]) await folder.configure('  orders: null', '  orders: orders.csv');
  await post(refusing, '/api/score-runs', { cutoff: '2025-11-01' });
  await refusing.queues.redis.config('SET', 'min-replicas-to-write', '1');
  await away.redis.stop();
  busy = askWhileBusy(held);
});
afterAll(async () => {
  endBusy?.();
  await Promise.all([whole, bare, locked, away, refusing, held].map((server) => server?.close()));
});

async function furnish(home: Home): Promise<void> {
  await deployTestChampion(home, FORMER);
  await deployTestChampion(home, CHAMPION);
  await writeTestCandidate(home, CANDIDATE);
  await writeTestProposal(home, OLD_SEARCH);
  await writeTestProposal(home, SEARCH);
  await openRequest(home, {
    id: 'review',
    kind: 'quarterly-review',
    reason: 'It is time.',
    evidence: {},
    nowMs: NOON,
  });
  await appendDriftResult(home, BAD_WINDOW);
  await writeFile(`${home.root}/orders.csv`, `${ORDERS}1,2025-12-01,5\n`);
}

const post = (server: TestServer, path: string, body: object) => server.ask(path, { method: 'POST', body });
const get = (path: string) => whole.ask(path);

/** Holds the locks of a home until `endBusy`, and asks everything meanwhile that needs one of them. */
function askWhileBusy(server: TestServer): ReadonlyMap<string, Promise<Reply>> {
  const { home } = server.folder;
  const held = new Promise<void>((resolve) => {
    endBusy = resolve;
  });
  let begun = (): void => {};
  const both = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const hold = () =>
    withMonitoringLock(home, () =>
      withRegistryLock(home, () =>
        withScheduleLock(home, () => {
          begun();
          return held;
        }),
      ),
    );
  hold().catch(() => {});
  const questions = {
    startRun: ['/api/score-runs', { cutoff: '2026-09-01' }],
    decideSearch: [`/api/grid-searches/${SEARCH}/approval`, { ...approval, decision: 'reject' }],
    searchOnRequest: ['/api/requests/review/grid-search', by],
    dismissRequest: ['/api/requests/review/dismissal', by],
    decideModel: [`/api/models/${CANDIDATE}/approval`, approval],
    rollBackModel: [`/api/models/${FORMER}/rollback`, signature],
    acknowledgeDriftAlert: [`/api/alerts/${ALERT}/acknowledgement`, by],
  } as const;
  const takeBack = async () => {
    await post(server, '/api/score-runs', { cutoff: '2025-11-01' });
    return cancel(server, '2025-11-01');
  };
  const asked: [string, () => Promise<Reply>][] = [
    ...Object.entries(questions).map(([operation, [path, body]]): [string, () => Promise<Reply>] => [
      operation,
      () => post(server, path, body),
    ]),
    ['cancelRun', takeBack],
  ];
  return new Map(
    asked.map(([operation, ask]) => {
      const reply = both.then(ask);
      reply.catch(() => {});
      return [operation, reply];
    }),
  );
}

type Provocation = () => Promise<Reply>;

/** What every route refuses for one reason, by the code. */
function provocationsOf(route: Route): Record<string, Provocation> {
  const { method, path, body, params } = route;
  const verb = method.toUpperCase();
  const somewhere = path.replace(/:\w+/g, 'x');
  const ask = (server: TestServer, question: Question) =>
    server.ask(somewhere, { method: verb, ...question });
  const type = { 'Content-Type': 'application/json' };
  return {
    KEY_NEEDED: () => ask(locked, {}),
    HOST_REFUSED: () => ask(whole, { headers: { Host: 'evil.example' } }),
    ...(method === 'get'
      ? {}
      : { ORIGIN_REFUSED: () => ask(whole, { headers: { Origin: 'http://evil.example' } }) }),
    ...(body === null
      ? {}
      : {
          REQUEST_INVALID: () => ask(whole, { headers: type, body: '{' }),
          BODY_NOT_JSON: () => ask(whole, { headers: { 'Content-Type': 'text/plain' }, body: 'x' }),
          BODY_TOO_LARGE: () => ask(whole, { body: { note: 'x'.repeat(200_000) } }),
        }),
    ...(body === null && isOfApi(route)
      ? {
          REQUEST_INVALID: () =>
            Object.keys(params).length > 0
              ? whole.ask(path.replace(/:\w+/g, '%'), { method: verb })
              : whole.ask(`${path}?limit=1`, { method: verb }),
        }
      : {}),
  };
}

const RUN = '/api/score-runs';
const runOf = (cutoff: string) => `/api/jobs/bump-cutoff-${cutoff.replaceAll('-', '')}-pred6m`;
const cancel = (server: TestServer, cutoff: string) => server.ask(runOf(cutoff), { method: 'DELETE' });
const decide = (id: string, body: object = approval, server = whole) =>
  post(server, `/api/models/${id}/approval`, body);
const rollBack = (id: string, body: object = signature) => post(whole, `/api/models/${id}/rollback`, body);
const decideSearch = (body: object, id = SEARCH) => post(whole, `/api/grid-searches/${id}/approval`, body);
const unsigned = { ...approval, approver: ' ' };

/** The id of a candidate of its own, so that no decision stands in another's way. */
let candidates = 0;
async function newCandidate(): Promise<string> {
  const id = `clv_model_20240101_${String(++candidates).padStart(6, '0')}`;
  await writeTestCandidate(whole.folder.home, id);
  return id;
}

/** The id of a model that was in service. */
async function newFormer(): Promise<string> {
  const id = await newCandidate();
  await decide(id);
  await decide(await newCandidate());
  return id;
}

async function newRequest(): Promise<string> {
  const id = `review-${++candidates}`;
  const { home } = whole.folder;
  await openRequest(home, { id, kind: 'quarterly-review', reason: 'It is time.', evidence: {}, nowMs: NOON });
  return id;
}

/** The id of a candidate whose window Ada approved, in a home in which nobody may approve both. */
async function approvedByAda(id: string): Promise<string> {
  const { home } = whole.folder;
  const search = { id: `clv_grid_search_20240101_${String(++candidates).padStart(6, '0')}` };
  await writeCard(home, { ...(await readCard(home, id)), search });
  await appendDecision(home, {
    at: '2026-01-01T00:00:00.000Z',
    gate: 'window',
    subject: search.id,
    decision: 'approve',
    ...signature,
    ticket: null,
    window: { history_months: 12, pred_months: 6 },
    champion_before: null,
  });
  return id;
}

/** Asks while the config says something else. */
async function configured(from: string, to: string, ask: Provocation): Promise<Reply> {
  await whole.folder.configure(from, to);
  try {
    return await ask();
  } finally {
    await whole.folder.configure(to, from);
  }
}

const separate = (ask: Provocation) =>
  configured('distinct_approvers: false', 'distinct_approvers: true', ask);
const withOrders = (name: string, ask: Provocation) => configured('  orders: null', `  orders: ${name}`, ask);

/** Whether orders are enough, asked of a file of its own. */
async function eligibility(name: string, content: string | Buffer): Promise<Reply> {
  await whole.folder.write(name, content);
  return withOrders(name, () => get('/api/eligibility'));
}
/** What a run of `cutoff` is answered once the server has read orders of `day`. */
async function onOrdersRead(day: string, cutoff: string): Promise<Reply> {
  await eligibility('read.csv', `${ORDERS}1,${day},5\n`);
  return withOrders('read.csv', () => post(whole, RUN, { cutoff }));
}
async function nestedCustomers(): Promise<Reply> {
  const path = `${whole.folder.home.root}/nested.parquet`;
  const duck = await Duck.open({ threads: 1 });
  await duck.run(
    `COPY (SELECT {'id': '1'} AS customer_id, DATE '2025-12-01' AS order_date, 5 AS revenue)
      TO '${path}' (FORMAT parquet)`,
  );
  await duck.close();
  return withOrders('nested.parquet', () => get('/api/eligibility'));
}
const rows = (...amounts: string[]) => `${ORDERS}${amounts.map((it) => `1,2025-12-01,"${it}"\n`).join('')}`;

/** What is answered while `growing.csv` is written to without a pause. */
async function whileItGrows(ask: Provocation): Promise<Reply> {
  const asked = ask();
  let isAnswered = false;
  const answered = asked.finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) await appendFile(`${whole.folder.home.root}/growing.csv`, '1,2025-12-01,7\n');
  return answered;
}

/** A link that leads nowhere. */
async function withDeadLink(ask: Provocation): Promise<Reply> {
  const link = `${whole.folder.home.root}/dead.csv`;
  await symlink('nowhere.csv', link);
  try {
    return await ask();
  } finally {
    await rm(link);
  }
}

/** What starting a comparison and showing it have in common. */
function refusalsOfComparison(method: 'GET' | 'POST') {
  const compare = (other: string) => whole.ask(`/api/models/${CHAMPION}/compare/${other}`, { method });
  const over = (orders: string) => withOrders(orders, () => compare(CANDIDATE));
  /** Over what a glob finds: a file that is named is not looked into before its job does. */
  const overFile = async (name: string, content: string): Promise<Reply> => {
    const folder = `over-${++candidates}`;
    await mkdir(`${whole.folder.home.root}/${folder}`);
    await whole.folder.write(`${folder}/${name}`, content);
    return over(`${folder}/*`);
  };
  return {
    SAME_MODEL: () => compare(CHAMPION),
    MODEL_UNKNOWN: () => compare(UNKNOWN),
    ORDERS_NOT_NAMED: () => compare(CANDIDATE),
    ORDERS_FILE_MISSING: () => over('nowhere.csv'),
    ORDERS_FILE_KIND: () => overFile('orders.xlsx', 'x'),
    ORDERS_FILE_EMPTY: () => overFile('orders.csv', ''),
    ORDERS_FILE_DAMAGED: () => overFile('orders.parquet', 'x'),
    ORDERS_FILE_UNREADABLE: () => withDeadLink(() => over('dead*')),
    REDIS_AWAY: () => away.ask(COMPARISON, { method }),
  };
}
const COMPARISON = `/api/models/${CHAMPION}/compare/${CANDIDATE}`;

async function changedReport(form: 'html' | 'csv', path: string): Promise<Reply> {
  const { home } = whole.folder;
  const id = await newCandidate();
  const file = `training/clv_training_report_${id}`;
  const facts = (ending: string) => ({ file: `${file}.${ending}`, sha256: '00' });
  await writeCard(home, {
    ...(await readCard(home, id)),
    report: { html: facts('html'), csv: facts('csv') },
  });
  await mkdir(`${home.outputs}/training`, { recursive: true });
  await whole.folder.write(`outputs/${file}.${form}`, 'changed');
  return get(`/api/models/${id}/${path}`);
}

async function damagedRun(): Promise<Reply> {
  const { home } = whole.folder;
  await mkdir(home.runReports, { recursive: true });
  await whole.folder.write('outputs/run_reports/clv_run_20251201_pred6m.json', '{}');
  return get('/api/customers/7');
}

/** Asks while Redis is a replica without its master that gives no old data away: then it refuses reading, too. */
async function orphaned(path: string): Promise<Reply> {
  const { redis } = refusing.queues;
  await redis.config('SET', 'replica-serve-stale-data', 'no');
  await redis.replicaof('127.0.0.1', 1);
  try {
    return await refusing.ask(path);
  } finally {
    await redis.replicaof('NO', 'ONE');
  }
}

const busyReply = (operation: string) => () => busy.get(operation) as Promise<Reply>;

/** Every other refusal, by operation and code. */
const PROVOCATIONS: Readonly<Record<string, Readonly<Record<string, Provocation>>>> = {
  startRun: {
    CUTOFF_FAR_AHEAD: () => post(whole, RUN, { cutoff: '2030-01-01' }),
    RUN_BUSY: async () => {
      await post(whole, RUN, { cutoff: '2025-10-01' });
      return post(whole, RUN, { cutoff: '2025-10-01' });
    },
    CHAMPION_MISSING: () => post(bare, RUN, { cutoff: '2025-10-01' }),
    CHAMPION_CARD_MISSING: async () => {
      const card = cardPath(refusing.folder.home, CHAMPION);
      await rename(card, `${card}.away`);
      const reply = await post(refusing, RUN, { cutoff: '2025-10-01' });
      await rename(`${card}.away`, card);
      return reply;
    },
    CHAMPION_CARD_CHANGED: async () => {
      const card = cardPath(refusing.folder.home, CHAMPION);
      const signed = await readFile(card, 'utf8');
      await writeFile(card, signed.replace('"pred_months": 6', '"pred_months": 5'));
      const reply = await post(refusing, RUN, { cutoff: '2025-10-01' });
      await writeFile(card, signed);
      return reply;
    },
    HISTORY_EMPTY: () => onOrdersRead('2025-12-01', '2025-12-01'),
    ORDERS_STALE: () => onOrdersRead('2025-11-01', '2025-12-01'),
    REGISTRY_BUSY: busyReply('startRun'),
    REDIS_AWAY: () => post(away, RUN, {}),
    REDIS_REFUSES: () => post(refusing, RUN, { cutoff: '2025-10-01' }),
  },
  startSearch: {
    WEIGHTS_NOT_ONE: () => post(whole, '/api/grid-searches', { weights: { rmse: 1, r2: 1 } }),
    GRID_SEARCH_BUSY: async () => {
      await post(whole, '/api/grid-searches', {});
      return post(whole, '/api/grid-searches', {});
    },
    REDIS_AWAY: () => post(away, '/api/grid-searches', {}),
    REDIS_REFUSES: () => post(refusing, '/api/grid-searches', {}),
  },
  listSearches: {
    REDIS_AWAY: () => away.ask('/api/grid-searches'),
    REDIS_REFUSES: () => orphaned('/api/grid-searches'),
  },
  showSearch: {
    GRID_SEARCH_UNKNOWN: () => get('/api/grid-searches/clv_grid_search_20200101_000000'),
    REDIS_AWAY: () => away.ask('/api/grid-searches/clv_grid_search_20200101_000000'),
    REDIS_REFUSES: () => orphaned('/api/grid-searches/clv_grid_search_20200101_000000'),
  },
  sendSearchFile: { SEARCH_FILE_UNKNOWN: () => get(`/api/grid-searches/${SEARCH}/files/x`) },
  decideSearch: {
    SIGNATURE_MISSING: () => decideSearch(unsigned),
    WINDOW_NOT_EVALUATED: () => decideSearch({ ...approval, window: { history_months: 1, pred_months: 1 } }),
    GRID_SEARCH_UNKNOWN: () => decideSearch(approval, 'clv_grid_search_20200101_000000'),
    ALREADY_DECIDED: async () => {
      const id = `clv_grid_search_20270101_${String(++candidates).padStart(6, '0')}`;
      await writeTestProposal(whole.folder.home, id);
      await decideSearch({ ...approval, decision: 'reject' }, id);
      const reply = await decideSearch(approval, id);
      await rm(`${whole.folder.home.outputs}/grid_search/${id}.json`);
      return reply;
    },
    GRID_SEARCH_SUPERSEDED: () => decideSearch(approval, OLD_SEARCH),
    REGISTRY_BUSY: busyReply('decideSearch'),
    REDIS_AWAY: () => post(away, `/api/grid-searches/${SEARCH}/approval`, approval),
    REDIS_REFUSES: () => post(refusing, `/api/grid-searches/${SEARCH}/approval`, approval),
  },
  trainModel: {
    CUTOFF_NOT_MATURED: () => post(whole, '/api/trainings', { cutoff: '2025-12-01' }),
    TRAININGS_BUSY: async () => {
      const { redis, prefix } = whole.queues;
      const lock = `${prefix}:lock:train-champion`;
      await redis.set(lock, 'another');
      const reply = await post(whole, '/api/trainings', {});
      await redis.del(lock);
      return reply;
    },
    REDIS_AWAY: () => post(away, '/api/trainings', {}),
    REDIS_REFUSES: () => post(refusing, '/api/trainings', {}),
  },
  searchOnRequest: {
    SIGNATURE_MISSING: async () => {
      await whole.queues.byName['model-build'].obliterate({ force: true });
      return post(whole, `/api/requests/${await newRequest()}/grid-search`, { ...by, by: ' ' });
    },
    REVIEW_REQUEST_UNKNOWN: () => post(whole, '/api/requests/nothing/grid-search', by),
    ALREADY_DECIDED: async () => {
      const id = await newRequest();
      await post(whole, `/api/requests/${id}/dismissal`, by);
      return post(whole, `/api/requests/${id}/grid-search`, by);
    },
    GRID_SEARCH_BUSY: async () => {
      await post(whole, '/api/grid-searches', {});
      return post(whole, `/api/requests/${await newRequest()}/grid-search`, by);
    },
    REGISTRY_BUSY: busyReply('searchOnRequest'),
    REDIS_AWAY: () => post(away, '/api/requests/review/grid-search', by),
    REDIS_REFUSES: () => post(refusing, '/api/requests/review/grid-search', by),
  },
  dismissRequest: {
    SIGNATURE_MISSING: async () =>
      post(whole, `/api/requests/${await newRequest()}/dismissal`, { ...by, by: ' ' }),
    REVIEW_REQUEST_UNKNOWN: () => post(whole, '/api/requests/nothing/dismissal', by),
    ALREADY_DECIDED: async () => {
      const id = await newRequest();
      await post(whole, `/api/requests/${id}/dismissal`, by);
      return post(whole, `/api/requests/${id}/dismissal`, by);
    },
    REGISTRY_BUSY: busyReply('dismissRequest'),
  },
  showModel: { MODEL_UNKNOWN: () => get(`/api/models/${UNKNOWN}`) },
  sendTrainingReportPage: {
    MODEL_UNKNOWN: () => get(`/api/models/${UNKNOWN}/report`),
    TRAINING_REPORT_UNKNOWN: () => get(`/api/models/${CHAMPION}/report`),
    TRAINING_REPORT_CHANGED: () => changedReport('html', 'report'),
  },
  sendTrainingReportTable: {
    MODEL_UNKNOWN: () => get(`/api/models/${UNKNOWN}/report.csv`),
    TRAINING_REPORT_UNKNOWN: () => get(`/api/models/${CHAMPION}/report.csv`),
    TRAINING_REPORT_CHANGED: () => changedReport('csv', 'report.csv'),
  },
  showCustomer: {
    CUSTOMER_UNKNOWN: () => bare.ask('/api/customers/7'),
    RANKED_FILE_UNREADABLE: damagedRun,
  },
  showJob: {
    JOB_UNKNOWN: () => get('/api/jobs/x'),
    REDIS_AWAY: () => away.ask('/api/jobs/x'),
    REDIS_REFUSES: () => orphaned('/api/jobs/x'),
  },
  cancelRun: {
    JOB_UNKNOWN: () => cancel(whole, '2020-01-01'),
    JOB_STAYS: async () => {
      await post(whole, RUN, { cutoff: '2025-09-01' });
      return whole.ask('/api/jobs/rank-customers-20250901-pred6m', { method: 'DELETE' });
    },
    RUN_NOT_WAITING: async () => {
      await whole.queues.byName.scoring.obliterate({ force: true });
      await post(whole, RUN, { cutoff: '2025-08-01' });
      await workOnce(whole, () => ({}));
      return cancel(whole, '2025-08-01');
    },
    REGISTRY_BUSY: busyReply('cancelRun'),
    RUN_OF_CALENDAR: () =>
      configured('last_score_cutoff: null', 'last_score_cutoff: 2025-07-01', async () => {
        await post(whole, RUN, {});
        const job = await whole.queues.findJob('bump-cutoff-20250701-pred6m');
        await recordSlot(whole.folder.home, NOON, 'run', NOON, { run: job?.data, earlierReport: null });
        return cancel(whole, '2025-07-01');
      }),
    REDIS_AWAY: () => cancel(away, '2025-11-01'),
    REDIS_REFUSES: () => cancel(refusing, '2025-11-01'),
  },
  decideModel: {
    DUTIES_NOT_SEPARATE: async () => {
      const id = await approvedByAda(await newCandidate());
      return separate(() => decide(id));
    },
    SIGNATURE_MISSING: () => decide(CANDIDATE, unsigned),
    MODEL_UNKNOWN: () => decide(UNKNOWN),
    FOREST_FILE_MISMATCH: async () => {
      const id = await newCandidate();
      await appendFile(forestPath(whole.folder.home, id), 'x');
      return decide(id);
    },
    REGISTRY_BUSY: busyReply('decideModel'),
    ALREADY_DECIDED: () => decide(CHAMPION),
    CONTEST_LOST: async () => {
      const id = await newCandidate();
      const lost = { name: 'btyd', rmse_difference: 5, interval: [2, 8], says: 'btyd is better.' };
      const card = await readCard(whole.folder.home, id);
      await writeCard(whole.folder.home, {
        ...card,
        contest: { contenders: [], loses_to: [lost], tournament: null },
      });
      return decide(id);
    },
  },
  rollBackModel: {
    DUTIES_NOT_SEPARATE: async () => {
      const id = await newFormer();
      await approvedByAda(id);
      return separate(() => rollBack(id));
    },
    SIGNATURE_MISSING: () => rollBack(FORMER, { ...signature, note: '' }),
    MODEL_UNKNOWN: () => rollBack(UNKNOWN),
    FOREST_FILE_MISMATCH: async () => {
      const id = await newFormer();
      await appendFile(forestPath(whole.folder.home, id), 'x');
      return rollBack(id);
    },
    REGISTRY_BUSY: busyReply('rollBackModel'),
    ALREADY_IN_SERVICE: async () => {
      const id = await newCandidate();
      await decide(id);
      return rollBack(id);
    },
    NEVER_IN_SERVICE: () => rollBack(CANDIDATE),
    BINARY_PURGED: async () => {
      const id = await newFormer();
      await rm(forestPath(whole.folder.home, id));
      return rollBack(id);
    },
  },
  acknowledgeDriftAlert: {
    SIGNATURE_MISSING: () => post(whole, `/api/alerts/${ALERT}/acknowledgement`, { ...by, by: '' }),
    ALERT_UNKNOWN: () => post(whole, '/api/alerts/x/acknowledgement', by),
    ALREADY_ACKNOWLEDGED: async () => {
      await post(refusing, `/api/alerts/${ALERT}/acknowledgement`, by);
      return post(refusing, `/api/alerts/${ALERT}/acknowledgement`, by);
    },
    REGISTRY_BUSY: busyReply('acknowledgeDriftAlert'),
  },
  compareModels: {
    ...refusalsOfComparison('POST'),
    REDIS_REFUSES: () => post(refusing, COMPARISON, {}),
  },
  showComparison: {
    ...refusalsOfComparison('GET'),
    COMPARISON_UNKNOWN: () => withOrders('orders.csv', () => get(COMPARISON)),
    REDIS_REFUSES: () => orphaned(COMPARISON),
  },
  showEligibility: {
    ORDERS_NOT_NAMED: () => get('/api/eligibility'),
    ORDERS_FILE_MISSING: () => withOrders('nowhere.csv', () => get('/api/eligibility')),
    ORDERS_COLUMN_MISSING: () => eligibility('a.csv', 'a,b\n1,2\n'),
    ORDERS_COLUMN_NESTED: nestedCustomers,
    ORDERS_COLUMN_TWICE: () => eligibility('a.csv', `customer_id,${ORDERS}1,1,2025-12-01,5\n`),
    ORDERS_AMOUNTS_AMBIGUOUS: () => eligibility('a.csv', rows('7', '1,234')),
    ORDERS_AMOUNTS_MIXED: () => eligibility('a.csv', rows('12.50', '13,50', '14,50')),
    ORDERS_AMOUNT_FORMAT: () => eligibility('a.csv', rows('12,50', '1.234,50')),
    ORDERS_CURRENCIES_MIXED: () => eligibility('a.csv', rows('$12.50', '€12.50')),
    DATE_FORMAT_UNKNOWN: () =>
      configured('date_format: null', 'date_format: dd/mm/yyyy', () => eligibility('a.csv', rows('5'))),
    ORDERS_DATES_MIXED: () => eligibility('a.csv', `${rows('5')}1,31/12/2025,5\n`),
    ORDERS_DATE_FORMAT: () => eligibility('a.csv', `${ORDERS}1,31.12.2025,5\n`),
    ORDERS_FILE_CHANGED: () => whileItGrows(() => eligibility('growing.csv', rows('5', '6'))),
    ORDERS_FILE_CUT_SHORT: () => eligibility('a.csv.gz', gzipSync(rows('5', '6')).subarray(0, -4)),
    ORDERS_FILE_DAMAGED: () => eligibility('a.csv.gz', 'plain'),
    ORDERS_FILE_EMPTY: () => eligibility('a.csv', ''),
    ORDERS_FILE_ENCODING: () => eligibility('a.csv', Buffer.from(rows('5'), 'utf16le')),
    ORDERS_FILE_KIND: () => eligibility('a.xlsx', 'x'),
    ORDERS_FILE_UNREADABLE: () => withDeadLink(() => withOrders('dead*', () => get('/api/eligibility'))),
    ORDERS_LINE_ENDS: () => eligibility('a.csv', `${rows('5', '6')}1,2025-12-01,7\r1,2025-12-01,8\r`),
    ORDERS_LINE_TOO_LONG: () => eligibility('a.csv', `${rows('5')}${'x'.repeat(40_000_000)}\n${rows('5')}`),
    ORDERS_NONE: () => eligibility('a.csv', ORDERS),
    ORDERS_QUOTE_OPEN: () => eligibility('a.csv', `${rows('5')}1,"2025-12-01,5\n1,2025-12-01,5\n`),
    ORDERS_REJECTED: () => eligibility('a.csv', `${ORDERS}1,yesterday,5\n`),
  },
};

const all = ROUTES.map((route) => ({
  route,
  provocations: { ...provocationsOf(route), ...PROVOCATIONS[route.operationId] },
}));

test.each(
  all.flatMap(({ route, provocations }) =>
    Object.entries(provocations).map(([code, provoke]) => [route.operationId, code, provoke] as const),
  ),
)('%s refuses with %s, a sentence and a remedy', async (_operation, code, provoke) => {
  const { json, text } = await provoke();
  expect(json?.error, text).toEqual(
    expect.objectContaining({
      code,
      message: expect.stringMatching(/^\S+ .+/),
      remedy: expect.stringMatching(/^\S+ .+/),
    }),
  );
});

test.each(all.map(({ route, provocations }) => [route.operationId, route, provocations] as const))(
  '%s declares no other refusal than those above',
  (_operation, route, provocations) => {
    expect([...refusalsOf(route).values()].flat().sort()).toEqual(Object.keys(provocations).sort());
  },
);
