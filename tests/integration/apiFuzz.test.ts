import { mkdir } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendDriftResult } from '../../src/alerts/driftHistory.ts';
import { alertIdOf } from '../../src/artefacts/names.ts';
import { auditRegistry } from '../../src/registry/audit.ts';
import { openRequest } from '../../src/registry/requests.ts';
import { deployTestChampion, NOON, type Reply, startTestServer, type TestServer } from '../apiServer.ts';
import { type KnownIds, type MadeRequest, type Operation, operationsIn, requestsOf } from '../requestsOf.ts';
import { writeTestCandidate } from '../testModel.ts';
import { writeTestProposal } from '../testSearch.ts';
import { writeTestOrders } from '../testShop.ts';
import { resultOf } from '../unit/drift/driftResults.ts';

/** Requests for each operation, some seconds in all. More find more: the count and the seed may be given for a longer search. */
const RUNS = Number(process.env.CLV_FUZZ_RUNS ?? 20);
const SEED = Number(process.env.CLV_FUZZ_SEED ?? 20_260_101);

const BAD_WINDOW = resultOf('2025-01-01', 75);
const [CHAMPION, CANDIDATE] = ['clv_model_20260101_110000', 'clv_model_20260101_000000'];
const SEARCH = 'clv_grid_search_20260101_100000';

/** What there is in the home, so that a request comes past the question whether there is such a thing. */
const KNOWN: KnownIds = {
  models: [CHAMPION, CANDIDATE, 'clv_model_20200101_000000'],
  compare: [CHAMPION, CANDIDATE],
  jobs: ['bump-cutoff-20260101-pred6m', 'score-customers-20260101-pred6m', `train-champion-${CANDIDATE}`],
  'grid-searches': [SEARCH, 'clv_grid_search_20200101_000000'],
  files: ['clv_grid_search_results_20260101_100000.csv', 'clv_grid_search_r2_20260101_100000.png'],
  requests: ['review-a', 'review-b', 'review-c'],
  alerts: [alertIdOf(BAD_WINDOW)],
  customers: ['007', "o'hara, a"],
};

let server: TestServer;
let operations: Operation[];

beforeAll(async () => {
  server = await startTestServer();
  const { folder } = server;
  await writeTestOrders(folder, { customers: 100, trees: 2 });
  await deployTestChampion(folder.home, CHAMPION);
  await writeTestCandidate(folder.home, CANDIDATE);
  await writeTestProposal(folder.home, SEARCH);
  for (const id of KNOWN.requests)
    await openRequest(folder.home, {
      id,
      kind: 'quarterly-review',
      reason: 'It is time.',
      evidence: {},
      nowMs: NOON,
    });
  for (const name of KNOWN.files) await folder.write(`outputs/grid_search/${name}`, 'x');
  await appendDriftResult(folder.home, BAD_WINDOW);
  await mkdir(folder.home.runReports, { recursive: true });
  await folder.write('outputs/run_reports/clv_run_20251201_pred6m.json', '{}');
  await folder.write(
    'outputs/clv_ranked_predictions_20251201_pred6m.csv',
    `customer_id,predicted_clv,clv_rank,clv_segment\n007,12.5,1,Top 1%\n"o'hara, a",5,2,Others\n`,
  );
  operations = operationsIn((await server.ask('/openapi.json')).json);
});
afterAll(() => server?.close());

test('no request, however it is made, gets an answer that the document does not declare, or one that people cannot use', async () => {
  const refusedBySchema = new Ajv2020({ strict: false, validateFormats: false });
  const came = new Set<string>();
  for (const operation of operations) {
    const isAllowed = operation.body === null ? null : refusedBySchema.compile(operation.body);
    await fc.assert(
      fc.asyncProperty(requestsOf(operation, KNOWN), async (request) => {
        // `ask` holds the answer against the document, and looks for what no answer may tell.
        const reply = await server.ask(request.path, request);
        demandUsable(reply);
        if (isAllowed !== null && request.method === operation.method && reply.status < 300)
          expect(isAllowed(jsonOf(request)), `accepted ${request.body}`).toBe(true);
        if (isFromWithin(reply)) came.add(operation.template);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }
  // Whatever was accepted left ledgers and lists that can be read.
  expect((await auditRegistry(server.folder.home)).filter(({ state }) => state === 'wrong')).toEqual([]);
  // A search in which everything is refused at the door would find nothing behind it.
  const never = operations.filter(({ template }) => !came.has(template)).map(({ template }) => template);
  expect(never).toEqual([]);
});

/** Whether a request came past the checks of its form and the question whether there is such a thing. */
function isFromWithin({ status, json }: Reply): boolean {
  return status < 400 || status === 409 || json?.error?.code === 'TRAINING_REPORT_UNKNOWN';
}

function demandUsable({ status, json, text }: Reply): void {
  if (status < 400) return;
  // A server that is not ready says so with 503, and of each thing why.
  if (status === 503 && json?.redis !== undefined) return;
  expect(status, text).toBeLessThan(500);
  if (text === '') return;
  const { message, remedy } = json.error;
  expect(message, text).toMatch(/^\S+ \S/);
  expect(remedy, text).toMatch(/^\S+ \S/);
}

/** None at all counts as an empty one. */
function jsonOf({ body = '' }: MadeRequest): unknown {
  // A byte order mark before the text is no part of it.
  return body === '' ? {} : JSON.parse(body.replace(/^\uFEFF/, ''));
}
