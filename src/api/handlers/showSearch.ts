import { gridSearch, gridSearchJobId } from '../../../queues/gridSearch.ts';
import { findGridSearchProposal, isGridSearchId } from '../../artefacts/gridSearchProposal.ts';
import { readProposal } from '../../registry/gridSearches.ts';
import type { Api } from '../api.ts';
import { demandRedis } from '../demandRedis.ts';
import type { Answer, ApiRequest } from '../route.ts';
import { finishedSearchView, unfinishedSearchView } from '../searchView.ts';

/** One search: a finished one with its whole record, for which Redis is not needed; else how far it is. */
export async function showSearch({ params: { id } }: ApiRequest, { home, queues }: Api): Promise<Answer> {
  const proposal = await findGridSearchProposal(home.outputs, id);
  if (proposal !== null)
    return { status: 200, body: { ...(await finishedSearchView(home, proposal)), proposal } };
  if (isGridSearchId(id)) {
    await demandRedis(queues);
    const job = await queues.byName[gridSearch.queue].getJob(gridSearchJobId(id));
    if (job) return { status: 200, body: await unfinishedSearchView(home, queues, job) };
  }
  // It may have been finished between the two questions; else this throws.
  const found = await readProposal(home, id);
  return { status: 200, body: { ...(await finishedSearchView(home, found)), proposal: found } };
}
