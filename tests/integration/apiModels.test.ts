import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChampion } from '../../src/registry/champion.ts';
import { startTestServer, type TestServer } from '../apiServer.ts';
import { writeTestCandidate } from '../testModel.ts';

const [FIRST, SECOND] = ['clv_model_20250101_000000', 'clv_model_20260101_000000'];
const signature = { approver: 'Ada', note: 'lower error' };

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
  await writeTestCandidate(server.folder.home, FIRST);
  await writeTestCandidate(server.folder.home, SECOND);
});
afterEach(() => server?.close());

const post = (id: string, verb: string, body: object) =>
  server.ask(`/api/models/${id}/${verb}`, { method: 'POST', body });
const championId = async () => (await findChampion(server.folder.home))?.model_id ?? null;

test('a decision without a name, a reason or a known verb is refused with 400', async () => {
  expect((await post(FIRST, 'approval', { decision: 'approve', note: 'x' })).status).toBe(400);
  const maybe = await post(FIRST, 'approval', { ...signature, decision: 'maybe' });
  expect(maybe.status).toBe(400);
  expect(maybe.json.error.message).toContain('decision is not one of approve, reject.');
  const blank = await post(FIRST, 'approval', { ...signature, approver: ' ', decision: 'approve' });
  expect([blank.status, blank.json.error.code]).toEqual([400, 'SIGNATURE_MISSING']);
  expect(await championId()).toBeNull();
});

test.each(['clv_model_20200101_000000', '..%2F..%2Fconfig'])('of the unknown model %s is 404', async (id) => {
  expect((await post(id, 'approval', { ...signature, decision: 'approve' })).status).toBe(404);
});

test('sign-offs of one moment give one champion; the others are told who decided', async () => {
  const replies = await Promise.all(
    ['Ada', 'Bob', 'Cyd'].map((approver) =>
      post(FIRST, 'approval', { decision: 'approve', approver, note: 'first' }),
    ),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  const winner = replies.find(({ status }) => status === 200)?.json.decision.approver;
  for (const reply of replies.filter(({ status }) => status === 409))
    expect(reply.json.error.message).toContain(`approved by ${winner}`);
  expect(await championId()).toBe(FIRST);
});

test('a rollback puts the champion before back, once there is one', async () => {
  await post(FIRST, 'approval', { ...signature, decision: 'approve' });
  expect((await post(FIRST, 'rollback', signature)).json.error.code).toBe('ALREADY_IN_SERVICE');
  expect((await post(SECOND, 'rollback', signature)).json.error.code).toBe('NEVER_IN_SERVICE');
  await post(SECOND, 'approval', { ...signature, decision: 'approve', ticket: 'T-1' });
  expect(await championId()).toBe(SECOND);
  const reply = await post(FIRST, 'rollback', signature);
  expect([reply.status, reply.json.champion]).toEqual([200, FIRST]);
});
