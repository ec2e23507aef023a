import type { DecisionFacts } from '../../../web/dashboardFacts.ts';
import { findGridSearchProposal, listGridSearchIds } from '../../artefacts/search/gridSearchProposal.ts';
import type { Home } from '../../config/home.ts';
import { readDecisions } from '../../registry/approvalsLedger.ts';
import { listRequests } from '../../registry/requests.ts';

/** The search and the requests that wait for a person. Throws what reading their records throws. */
export async function decisionFacts(home: Home): Promise<DecisionFacts> {
  const [searches, requests] = await Promise.all([openSearches(home), listRequests(home)]);
  return {
    searches,
    requests: requests
      .filter(({ status }) => status === 'open')
      .map(({ id, opened_at, reason }) => ({ id, openedMs: Date.parse(opened_at), reason })),
  };
}

/** Only the newest search can wait: it supersedes those before it. */
async function openSearches(home: Home): Promise<DecisionFacts['searches']> {
  const [newest] = await listGridSearchIds(home.outputs);
  if (newest === undefined) return [];
  const [proposal, { decisions }] = await Promise.all([
    findGridSearchProposal(home.outputs, newest),
    readDecisions(home),
  ]);
  // The ledger is written first, and counts.
  const isDecided = decisions.some(({ decision }) => decision.subject === newest);
  if (proposal?.status !== 'proposed' || isDecided) return [];
  return [
    {
      id: newest,
      requestedMs: Date.parse(proposal.requested_at),
      requestedBy: proposal.requested_by,
      historyMonths: proposal.winner.history_months,
      predMonths: proposal.winner.pred_months,
      isTieWithinNoise: proposal.is_tie_within_noise,
    },
  ];
}
