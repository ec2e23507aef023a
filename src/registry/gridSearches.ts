import {
  findGridSearchProposal,
  type GridSearchProposal,
  GridSearchUnknownError,
  listGridSearchIds,
  writeGridSearchProposal,
} from '../artefacts/search/gridSearchProposal.ts';
import type { Home } from '../config/home.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import { readDecisions } from './approvalsLedger.ts';

/** The record of a finished search. Throws GridSearchUnknownError where there is none, or it is damaged. */
export async function readProposal(home: Home, searchId: string): Promise<GridSearchProposal> {
  const proposal = await findGridSearchProposal(home.outputs, searchId);
  if (proposal !== null) return proposal;
  throw new GridSearchUnknownError('GRID_SEARCH_UNKNOWN', `There is no finished search ${searchId}.`, {
    remedy: 'Look up the ids with GET /api/grid-searches, or in outputs/grid_search.',
    values: { searchId },
  });
}

/**
 * Writes the record of a finished search, unless somebody has decided on it meanwhile; returns the record that is in
 * the file afterwards. Every search that nobody decided on, except the newest, is superseded, so that a person looks
 * only at the newest. Throws RegistryBusyError, FileWriteError.
 */
export async function publishProposal(home: Home, proposal: GridSearchProposal): Promise<GridSearchProposal> {
  const { search_id } = proposal;
  await withRegistryLock(home, async () => {
    const there = await findGridSearchProposal(home.outputs, search_id);
    if (there === null || there.status === 'proposed') await writeGridSearchProposal(home.outputs, proposal);
    await supersedeOlder(home);
  });
  return readProposal(home, search_id);
}

async function supersedeOlder(home: Home): Promise<void> {
  const [, ...older] = await listGridSearchIds(home.outputs);
  const { decisions } = await readDecisions(home);
  const decided = new Set(decisions.map(({ decision }) => decision.subject));
  for (const id of older) {
    // A damaged record is skipped: it cannot be decided on anyway.
    const proposal = await findGridSearchProposal(home.outputs, id).catch(() => null);
    if (proposal?.status === 'proposed' && !decided.has(id))
      await writeGridSearchProposal(home.outputs, { ...proposal, status: 'superseded' });
  }
}

/** The newest finished search, if it is newer than `searchId`; else null. */
export async function findNewerSearch(home: Home, searchId: string): Promise<string | null> {
  const [newest] = await listGridSearchIds(home.outputs);
  return newest !== undefined && newest > searchId ? newest : null;
}
