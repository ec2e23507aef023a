import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { csvText } from '../../src/artefacts/files/csvFile.ts';
import { writeSidecar } from '../../src/artefacts/sidecar.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());
/** Each test writes the runs that it asks about. */
afterEach(async () => {
  const { outputs } = server.folder.home;
  await rm(outputs, { recursive: true });
  await mkdir(outputs);
});

const rankedFile = (date: string, predMonths = 6): string =>
  `${server.folder.home.outputs}/clv_ranked_predictions_${date}_pred${predMonths}m.csv`;

async function writeRun(date: string, clv: number, predMonths = 6): Promise<void> {
  const header = 'customer_id,predicted_clv,clv_rank,clv_segment,clv_p10,next_order_date\n';
  const rows = `007,${clv},1,Top 1%,,2026-01-12\n"o'hara, a",5,2,Others,1.5,\n`;
  await writeRanked(date, header + rows, 2, predMonths);
}

/** Writes a ranked file as a run does, with its sidecar and report. */
async function writeRanked(date: string, text: string, rows: number, predMonths = 6): Promise<void> {
  const { runReports } = server.folder.home;
  await mkdir(runReports, { recursive: true });
  const path = rankedFile(date, predMonths);
  // Another one takes its place, as in a run that is scored again.
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
  const cutoff = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  await writeSidecar(path, {
    ...{ file: path.slice(path.lastIndexOf('/') + 1), rows, bytes: Buffer.byteLength(text) },
    sha256: createHash('sha256').update(text).digest('hex'),
    ...{ model_id: 'clv_model_20250101_000000', cutoff, history_months: 12, pred_months: predMonths },
  });
  await writeFile(`${runReports}/clv_run_${date}_pred${predMonths}m.json`, '{}');
}

test('GET /api/customers/:id says that no run is complete, while there is none', async () => {
  const reply = await server.ask('/api/customers/007');
  expect(reply.status).toBe(404);
  expect(reply.json.error).toMatchObject({
    code: 'CUSTOMER_UNKNOWN',
    message: expect.stringContaining('No run is complete'),
  });
});

test('GET /api/customers/:id gives the row of the newest complete run, texts as texts', async () => {
  await writeRun('20251101', 11.5);
  await writeRun('20251201', 12.5);
  expect((await server.ask('/api/customers/007')).json).toEqual({
    file: 'clv_ranked_predictions_20251201_pred6m.csv',
    customer: {
      customer_id: '007',
      predicted_clv: 12.5,
      clv_rank: 1,
      clv_segment: 'Top 1%',
      clv_p10: null,
      next_order_date: '2026-01-12',
    },
  });
});

test('GET /api/customers/:id takes any id as it is written', async () => {
  await writeRun('20251201', 12.5);
  const reply = await server.ask(`/api/customers/${encodeURIComponent("o'hara, a")}`);
  expect(reply.json.customer).toMatchObject({
    customer_id: "o'hara, a",
    clv_p10: 1.5,
    next_order_date: null,
  });
  const unknown = await server.ask('/api/customers/7');
  expect(unknown.status).toBe(404);
  expect(unknown.json.error.message).toContain('has no customer 7');
});

test('GET /api/customers/:id gives nothing of a file that was changed after it was written', async () => {
  await writeRun('20251201', 12.5);
  expect((await server.ask('/api/customers/007')).status).toBe(200);
  const path = rankedFile('20251201');
  await writeFile(path, (await readFile(path, 'utf8')).replace('12.5', '99.5'));
  const reply = await server.ask('/api/customers/007');
  expect([reply.status, reply.json.error.code]).toEqual([409, 'RANKED_FILE_UNREADABLE']);
  expect(reply.json.error.message).toContain('is not as it was written');
});

test('GET /api/customers/:id knows no customer whose id holds a sign that ends texts', async () => {
  await writeRun('20251201', 12.5);
  for (const id of ['%00', '007%00']) {
    const reply = await server.ask(`/api/customers/${id}`);
    expect(reply.status).toBe(404);
    expect(reply.json.error.code).toBe('CUSTOMER_UNKNOWN');
  }
});

test('GET /api/customers/:id takes of one cutoff the run that ended last, whatever its horizon', async () => {
  const { runReports } = server.folder.home;
  const ended = (predMonths: number, second: number) =>
    utimes(`${runReports}/clv_run_20251215_pred${predMonths}m.json`, second, second);
  for (const predMonths of [3, 6, 12]) await writeRun('20251215', predMonths, predMonths);
  for (const last of [3, 6, 12]) {
    for (const predMonths of [3, 6, 12]) await ended(predMonths, predMonths === last ? 2000 : 1000);
    expect((await server.ask('/api/customers/007')).json.customer.predicted_clv).toBe(last);
  }
});

test('GET /api/customers/:id says that the ranked file is gone, or is none', async () => {
  await writeRun('20251222', 1);
  const file = rankedFile('20251222');
  await writeFile(file, 'customer;predicted\n007;5\n');
  const damaged = await server.ask('/api/customers/007');
  await rm(file);
  const gone = await server.ask('/api/customers/007');
  for (const { status, json } of [damaged, gone]) {
    expect(status).toBe(409);
    expect(json.error.code).toBe('RANKED_FILE_UNREADABLE');
    expect(json.error.message).toContain('clv_ranked_predictions_20251222_pred6m.csv');
  }
});

test('GET /api/customers/:id finds any customer of a large file, also those who were asked about at one moment at first', async () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => (i % 100 === 0 ? `${i}, "the\n${i}th"` : `C${i}`));
  const rows = ids.map((id, i) => [id, i / 8, 'Others']);
  await writeRanked(
    '20251201',
    csvText([['customer_id', 'predicted_clv', 'clv_segment'], ...rows]),
    ids.length,
  );
  const asked = [0, 1, 100, 9_999, 10_000, 19_900, 19_999];
  const replies = await Promise.all(
    asked.map((i) => server.ask(`/api/customers/${encodeURIComponent(ids[i])}`)),
  );
  expect(replies.map(({ json }) => json.customer)).toEqual(
    asked.map((i) => ({ customer_id: ids[i], predicted_clv: i / 8, clv_segment: 'Others' })),
  );
  expect((await server.ask('/api/customers/C20000')).status).toBe(404);
});

test('GET /api/customers/:id gives what a run says that is scored again, and a newer one', async () => {
  const asked = async () => (await server.ask('/api/customers/007')).json.customer.predicted_clv;
  await writeRun('20251201', 12.5);
  expect(await asked()).toBe(12.5);
  await writeRun('20251201', 13.5);
  expect(await asked()).toBe(13.5);
  await writeRun('20251215', 14.5);
  expect(await asked()).toBe(14.5);
  await rm(`${server.folder.home.runReports}/clv_run_20251215_pred6m.json`);
  expect(await asked()).toBe(13.5);
});

test('GET /api/customers/:id sees a change that left size and time of the file as they were', async () => {
  await writeRun('20251201', 12.5);
  expect((await server.ask('/api/customers/007')).status).toBe(200);
  const path = rankedFile('20251201');
  const { mtime } = await stat(path);
  await writeFile(path, (await readFile(path, 'utf8')).replace('12.5', '99.5'));
  await utimes(path, mtime, mtime);
  for (let i = 0; i < 2; i++) {
    const { status, json } = await server.ask('/api/customers/007');
    expect([status, json.error.code]).toEqual([409, 'RANKED_FILE_UNREADABLE']);
  }
  await writeRun('20251201', 12.5);
  expect((await server.ask('/api/customers/007')).status).toBe(200);
});

test('GET /api/customers/:id gives nothing of a file whose sidecar is gone or is that of another one', async () => {
  await writeRun('20251201', 12.5);
  const path = rankedFile('20251201').replace('.csv', '.meta.json');
  const written = await readFile(path, 'utf8');
  expect((await server.ask('/api/customers/007')).status).toBe(200);
  const wrong = [
    null,
    '{',
    written.replace('"rows": 2', '"rows": 1'),
    written.replace(/"[0-9a-f]{64}"/, '"0"'),
  ];
  for (const sidecar of wrong) {
    if (sidecar === null) await rm(path);
    else await writeFile(path, sidecar);
    const { status, json } = await server.ask('/api/customers/007');
    expect([sidecar, status, json.error?.code]).toEqual([sidecar, 409, 'RANKED_FILE_UNREADABLE']);
  }
  await writeFile(path, written);
  expect((await server.ask('/api/customers/007')).status).toBe(200);
});

test('GET /api/customers/:id answers others while the first who asked has hung up', async () => {
  await writeRun('20251201', 12.5);
  const first = request(`${server.url}/api/customers/007`, { agent: false });
  first.on('error', () => {});
  first.end();
  await once(first, 'finish');
  const others = [1, 2, 3].map(() => server.ask('/api/customers/007'));
  first.destroy();
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await server.ask('/api/customers/007')).status).toBe(200);
});
