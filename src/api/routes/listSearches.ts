import { z } from 'zod';
import { searchIdOfJob } from '../../../queues/gridSearch.ts';
import { searchesWithoutResults } from '../../../queues/startGridSearch.ts';
import { findGridSearchProposal, listGridSearchIds } from '../../artefacts/gridSearchProposal.ts';
import { route } from '../route.ts';
import { finishedSearchView, type SearchView, searchSchema, unfinishedSearchView } from '../searchView.ts';

/** All searches, newest first: the finished ones from their records, the others from their jobs. */
export const listSearches = route({
  operationId: 'listSearches',
  method: 'get',
  path: '/api/grid-searches',
  summary: 'Lists all searches, newest first.',
  params: {},
  needsRedis: true,
  answers: {
    200: { description: 'The searches.', body: z.strictObject({ searches: z.array(searchSchema) }) },
  },
  async handler(_request, { home, queues, log }) {
    const ids = await listGridSearchIds(home.outputs);
    const searches: SearchView[] = [];
    for (const id of ids) {
      try {
        const proposal = await findGridSearchProposal(home.outputs, id);
        if (proposal !== null) searches.push(await finishedSearchView(home, proposal));
      } catch (error) {
        // One damaged record must not hide the others; asked for alone it says what is wrong.
        log.warn({ err: error, searchId: id }, 'a search is left out of the list');
      }
    }
    for (const job of await searchesWithoutResults(queues)) {
      if (ids.includes(searchIdOfJob(job.id as string))) continue;
      searches.push(await unfinishedSearchView(home, queues, job));
    }
    return { status: 200, body: { searches: searches.sort((a, b) => (a.id < b.id ? 1 : -1)) } };
  },
});
