import { gridSearch, gridSearchJobId } from '../../../queues/gridSearch.ts';
import { findGridSearchProposal } from '../../artefacts/search/gridSearchProposal.ts';
import { freeTimestamp } from '../../domain/calendar/freeTimestamp.ts';
import type { Api } from '../api.ts';

/** Whether files or Redis know of a search. */
export async function isSearchKnown({ home, queues }: Api, searchId: string): Promise<boolean> {
  if ((await findGridSearchProposal(home.outputs, searchId)) !== null) return true;
  const state = await queues.byName[gridSearch.queue].getJobState(gridSearchJobId(searchId));
  return state !== 'unknown';
}

/** The `<TS>` for the id of a search that is asked for at `nowMs`. */
export function freeSearchStamp(api: Api, nowMs: number): Promise<string> {
  return freeTimestamp(nowMs, (stamp) => isSearchKnown(api, `clv_grid_search_${stamp}`));
}
