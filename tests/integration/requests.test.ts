import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decideOnRequest, listRequests, openRequest, readRequest } from '../../src/registry/requests.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const ID = 'sustained-drift-20250601';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

function open(id = ID, nowMs = NOW, reason = 'Two windows in a row were off.') {
  return openRequest(folder.home, {
    id,
    kind: 'sustained-drift',
    reason,
    evidence: { rmse_rise: 0.4 },
    nowMs,
  });
}

function decide(change: Partial<Parameters<typeof decideOnRequest>[2]> = {}, id = ID) {
  const decision = { status: 'dismissed', by: 'Ada', note: 'a known outage', searchId: null } as const;
  return decideOnRequest(folder.home, id, { ...decision, nowMs: NOW + 1000, ...change });
}

test('an open request waits with its reason and its figures', async () => {
  const request = await open();
  expect(request).toEqual({
    id: ID,
    kind: 'sustained-drift',
    opened_at: '2026-01-01T12:00:00.000Z',
    reason: 'Two windows in a row were off.',
    evidence: { rmse_rise: 0.4 },
    status: 'open',
    decided_at: null,
    decided_by: null,
    note: null,
    search_id: null,
  });
  expect(await listRequests(folder.home)).toEqual([request]);
});

test('opening again changes nothing, before the decision and after it', async () => {
  const first = await open();
  expect(await open(ID, NOW + 5000, 'Another reason.')).toEqual(first);
  const decided = await decide();
  expect(await open(ID, NOW + 9000, 'Another reason.')).toEqual(decided);
  expect(await listRequests(folder.home)).toEqual([decided]);
});

test('requests are listed newest first', async () => {
  await open('a-first', NOW);
  await open('b-second', NOW + 1000);
  expect((await listRequests(folder.home)).map(({ id }) => id)).toEqual(['b-second', 'a-first']);
});

test('a decision keeps who, when, why and the search', async () => {
  await open();
  const searchId = 'clv_grid_search_20260101_120001';
  await decide({ status: 'search-started', searchId, note: 'worth\na look' });
  expect(await readRequest(folder.home, ID)).toMatchObject({
    status: 'search-started',
    decided_at: '2026-01-01T12:00:01.000Z',
    decided_by: 'Ada',
    note: 'worth a look',
    search_id: searchId,
    reason: 'Two windows in a row were off.',
  });
});

test('of many decisions at one moment the first counts, and the others are told whose it was', async () => {
  await open();
  const results = await Promise.allSettled(['Ada', 'Bob', 'Cyd'].map((by) => decide({ by })));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { decided_by } = await readRequest(folder.home, ID);
  for (const result of results.filter((it) => it.status === 'rejected'))
    expect(result.reason).toMatchObject({
      code: 'ALREADY_DECIDED',
      message: expect.stringContaining(`dismissed by ${decided_by}`),
    });
});

test.each(['by', 'note'])('a decision without %s is refused and leaves the request open', async (what) => {
  const before = await open();
  await expect(decide({ [what]: ' \n' })).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' });
  expect(await readRequest(folder.home, ID)).toEqual(before);
});

test.each(['never-opened', '../../config/model_config', ''])('the id %j is unknown', async (id) => {
  await expect(decide({}, id)).rejects.toMatchObject({ code: 'REVIEW_REQUEST_UNKNOWN' });
});

test('a damaged request is named, and not overwritten', async () => {
  await open();
  const path = `${folder.home.outputs}/requests/${ID}.json`;
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, 40));
  await expect(open()).rejects.toMatchObject({ code: 'REVIEW_REQUEST_DAMAGED' });
  await expect(listRequests(folder.home)).rejects.toThrow(ID);
  expect(await readdir(`${folder.home.outputs}/requests`)).toEqual([`${ID}.json`]);
});

test('what is wrong with a damaged request is told in a line', async () => {
  await open();
  await writeFile(`${folder.home.outputs}/requests/${ID}.json`, '{"id": 5}');
  await expect(readRequest(folder.home, ID)).rejects.toMatchObject({
    message: expect.stringMatching(/is damaged: id: [^\n[{]+; kind: [^\n[{]+; and \d+ more\.$/),
  });
});

test('a copy that somebody made beside a request hides no other', async () => {
  const request = await open();
  await writeFile(`${folder.home.outputs}/requests/${ID} (copy).json`, '{}');
  expect(await listRequests(folder.home)).toEqual([request]);
});
