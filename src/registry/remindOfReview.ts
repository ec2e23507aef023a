import type { Home } from '../config/home.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { dateInZone } from '../domain/calendar/dates.ts';
import { compactDate } from '../domain/calendar/timestamps.ts';
import { reviewDue } from '../domain/governance/reviewDue.ts';
import { counted } from '../domain/words/counted.ts';
import { findChampion } from './champion.ts';
import { readRegistry } from './registryState.ts';
import { listRequests, openRequest, type ReviewRequest } from './requests.ts';

/**
 * Opens a request where nobody has approved the champion's window for `governance.review_months`, or ever. Returns the
 * open request, or null where none is due or no champion is in service. Each due date opens one request, and none while
 * an earlier review is still open. Starts nothing else. Throws FileWriteError, and what reading config and registry
 * throws.
 */
export async function remindOfReview(home: Home, nowMs: number): Promise<ReviewRequest | null> {
  const { governance, general } = await loadConfig(home);
  const champion = await findChampion(home);
  if (champion === null) return null;
  const { manifest, decisions } = await readRegistry(home);
  const { model_id, history_months, pred_months } = champion;
  const approval = decisions.findLast(
    ({ decision: { gate, decision, window } }) =>
      gate === 'window' &&
      decision === 'approve' &&
      window?.history_months === history_months &&
      window.pred_months === pred_months,
  )?.decision;
  const dayOf = (iso: string): string => dateInZone(Date.parse(iso), general.timezone);
  const approvedOn = approval === undefined ? null : dayOf(approval.at);
  const since = dayOf(manifest[manifest.length - 1].row.deployed_at);
  const months = governance.review_months;
  const due = reviewDue(approvedOn, since, months, dateInZone(nowMs, general.timezone));
  if (due === null) return null;
  const open = (await listRequests(home)).find(
    ({ kind, status }) => kind === 'quarterly-review' && status === 'open',
  );
  if (open !== undefined) return open;
  const window = `${counted(history_months, 'month')} of history, ${pred_months} ahead`;
  return openRequest(home, {
    id: `quarterly-review-${compactDate(due)}`,
    kind: 'quarterly-review',
    reason:
      approval === undefined
        ? `The window of the champion (${window}) was never approved on the evidence of a search: look whether one is due.`
        : `The window of the champion (${window}) was last approved by ${approval.approver} on ${approvedOn}, more than ${counted(months, 'month')} ago: look whether a new search is due.`,
    evidence: {
      model_id,
      in_service_since: since,
      history_months,
      pred_months,
      approved_on: approvedOn,
      approved_by: approval?.approver ?? null,
      search_id: approval?.subject ?? null,
      due_on: due,
      review_months: months,
    },
    nowMs,
  });
}
