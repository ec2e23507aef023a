import {
  findGridSearchProposal,
  type GridSearchProposal,
  GridSearchUnknownError,
  listGridSearchIds,
  writeGridSearchProposal,
} from '../artefacts/gridSearchProposal.ts';
import type { Home } from '../config/home.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import { readDecisions } from './approvalsLedger.ts';

/** The record of a finished search. Throws GridSearchUnknownError where there is none, or a damaged one. */
export async function readProposal(home: Home, searchId: string): Promise<GridSearchProposal> {
  const proposal = await findGridSearchProposal(home.outputs, searchId);
  if (proposal !== null) return proposal;
  throw new GridSearchUnknownError('GRID_SEARCH_UNKNOWN', `There is no finished search ${searchId}.`, {
    remedy: 'Look up the ids with GET /api/grid-searches, or in outputs/grid_search.',
    values: { searchId },
  });
}

/**
 * Writes the record of a search that is finished, unless somebody has decided on it meanwhile; gives the record that
 * stands. Every other search that nobody decided on, and that an attempt finished before, is superseded: a person looks
 * at the newest only. Throws RegistryBusyError, FileWriteError.
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
    // One that is damaged cannot be decided on either.
    const proposal = await findGridSearchProposal(home.outputs, id).catch(() => null);
    if (proposal?.status === 'proposed' && !decided.has(id))
      await writeGridSearchProposal(home.outputs, { ...proposal, status: 'superseded' });
  }
}

/** The finished search that a newer one is to be preferred to; null where `searchId` is the newest. */
export async function findNewerSearch(home: Home, searchId: string): Promise<string | null> {
  const [newest] = await listGridSearchIds(home.outputs);
  return newest !== undefined && newest > searchId ? newest : null;
}
