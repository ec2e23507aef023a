import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendDriftResult } from '../../src/alerts/driftHistory.ts';
import { replaceFile } from '../../src/artefacts/files/replaceFile.ts';
import { alertIdOf } from '../../src/artefacts/names.ts';
import { alertText } from '../../src/domain/drift/alertText.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';
import { BASELINE, resultOf } from '../unit/drift/driftResults.ts';

const BAD = resultOf('2025-01-01', 75);
const ID = alertIdOf(BAD);

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
  const { home } = server.folder;
  await appendDriftResult(home, resultOf('2024-12-01', 50));
  await appendDriftResult(home, BAD);
  const text = alertText({
    alertId: ID,
    result: BAD,
    baseline: BASELINE,
    inARow: [BAD],
    requestId: null,
    isInSample: false,
    rmseInterval: [0, 1],
  });
  await replaceFile(`${home.outputs}/${ID}.md`, text);
});
afterEach(() => server?.close());

const acknowledge = (body: object, id = ID) =>
  server.ask(`/api/alerts/${id}/acknowledgement`, { method: 'POST', body });

test('alerts are listed with their figures, and windows that held are not', async () => {
  const { status, json } = await server.ask('/api/alerts');
  expect(status).toBe(200);
  expect(json.alerts).toEqual([
    expect.objectContaining({ id: ID, rmse: 75, baseline_rmse: 50, acknowledgement: null, deliveries: [] }),
  ]);
});

test('an acknowledgement without a name or a reason is refused with 400, of an unknown alert with 404', async () => {
  expect((await acknowledge({ note: 'x' })).status).toBe(400);
  expect((await acknowledge({ by: ' ', note: 'x' })).json.error).toMatchObject({
    code: 'SIGNATURE_MISSING',
    message: 'The name of the person is missing.',
  });
  expect((await acknowledge({ by: 'Ada', note: 'x', ticket: 'T' })).status).toBe(400);
  expect((await acknowledge({ by: 'Ada', note: 'x' }, '..%2F..%2Fmodels')).json.error.code).toBe(
    'ALERT_UNKNOWN',
  );
});

test('an acknowledgement shows in the list; a second one is told whose the first was', async () => {
  const reply = await acknowledge({ by: 'Ada', note: 'price change' });
  expect([reply.status, reply.json.acknowledgement.by]).toEqual([200, 'Ada']);
  const { json } = await server.ask('/api/alerts');
  expect(json.alerts[0].acknowledgement).toEqual({
    at: '2026-01-01T12:00:00.000Z',
    by: 'Ada',
    note: 'price change',
  });
  const again = await acknowledge({ by: 'Bob', note: 'x' });
  expect([again.status, again.json.error.code]).toEqual([409, 'ALREADY_ACKNOWLEDGED']);
});

test('a damaged record is told with its file and line, and is an error in the log of the server', async () => {
  await server.folder.write('outputs/monitoring/acknowledgements.jsonl', 'no record\n');
  const { status, json } = await server.ask('/api/alerts');
  expect([status, json.error]).toEqual([
    500,
    {
      code: 'RECORDS_DAMAGED',
      message: 'outputs/monitoring/acknowledgements.jsonl, line 1, cannot be read: "no record".',
      remedy: 'Restore the file from a backup; it is only ever appended to.',
    },
  ]);
  expect(server.log).toContainEqual(expect.objectContaining({ level: 50, code: 'RECORDS_DAMAGED' }));
});
