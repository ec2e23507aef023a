import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { appendDecision } from '../../src/registry/approvalsLedger.ts';
import { remindOfReview } from '../../src/registry/remindOfReview.ts';
import { decideOnRequest, listRequests } from '../../src/registry/requests.ts';
import { deployTestChampion } from '../apiServer.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

/** The test champion has 12 and 6 months and went into service on 2026-01-01. */
const remind = (day: string) => remindOfReview(folder.home, Date.parse(`${day}T12:00:00Z`));
const dismiss = (id: string) =>
  decideOnRequest(folder.home, id, {
    status: 'dismissed',
    by: 'Ada',
    note: 'all is well',
    searchId: null,
    nowMs: 0,
  });
function approveWindow(
  at: string,
  { history_months = 12, pred_months = 6, decision = 'approve' as 'approve' | 'reject' } = {},
): Promise<unknown> {
  return appendDecision(folder.home, {
    at,
    gate: 'window',
    subject: 'clv_grid_search_20251001_120000',
    decision,
    approver: 'Bob',
    ticket: null,
    note: 'the winner',
    window: { history_months, pred_months },
    champion_before: null,
  });
}

test('without a champion there is nothing to review', async () => {
  expect(await remind('2026-06-01')).toBeNull();
});

test('a window that was approved is asked about when a quarter has gone by, once', async () => {
  await approveWindow('2025-09-20T12:00:00.000Z');
  await approveWindow('2025-12-15T12:00:00.000Z');
  await deployTestChampion(folder.home);
  expect(await remind('2026-03-15')).toBeNull();
  const request = await remind('2026-03-16');
  expect(request).toMatchObject({
    id: 'quarterly-review-20260315',
    kind: 'quarterly-review',
    status: 'open',
    reason: expect.stringContaining('last approved by Bob on 2025-12-15, more than 3 months ago'),
    evidence: { approved_on: '2025-12-15', search_id: 'clv_grid_search_20251001_120000' },
  });
  expect(await remind('2026-03-17')).toEqual(request);
  expect(await listRequests(folder.home)).toHaveLength(1);
});

test('a window that nobody approved is asked about, even if another window was approved', async () => {
  const at = '2025-12-15T12:00:00.000Z';
  for (const other of [{ history_months: 9 }, { pred_months: 3 }, { decision: 'reject' as const }])
    await approveWindow(at, other);
  await deployTestChampion(folder.home);
  expect(await remind('2026-01-02')).toMatchObject({
    id: 'quarterly-review-20260101',
    reason: expect.stringContaining('was never approved'),
    evidence: { approved_on: null },
  });
});

test('a request that was dismissed comes back with the next quarter, and one that is open does not double', async () => {
  await deployTestChampion(folder.home);
  const first = await remind('2026-01-02');
  await dismiss(String(first?.id));
  expect((await remind('2026-03-31'))?.status).toBe('dismissed');
  expect(await remind('2026-04-02')).toMatchObject({ id: 'quarterly-review-20260401', status: 'open' });
  expect((await remind('2026-07-02'))?.id).toBe('quarterly-review-20260401');
  expect(await listRequests(folder.home)).toHaveLength(2);
});

test('the interval is governance.review_months', async () => {
  await approveWindow('2025-12-15T12:00:00.000Z');
  await deployTestChampion(folder.home);
  await folder.configure('review_months: 3', 'review_months: 1');
  expect((await loadConfig(folder.home)).governance.review_months).toBe(1);
  expect((await remind('2026-01-16'))?.id).toBe('quarterly-review-20260115');
});
