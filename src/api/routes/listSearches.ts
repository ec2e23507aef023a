import { z } from 'zod';
import { searchIdOfJob } from '../../../queues/gridSearch.ts';
import { asRedisAway } from '../../../queues/redisAwayError.ts';
import { searchesWithoutResults } from '../../../queues/startGridSearch.ts';
import { findGridSearchProposal, listGridSearchIds } from '../../artefacts/search/gridSearchProposal.ts';
import { route } from '../route.ts';
import {
  finishedSearchView,
  type SearchView,
  searchSchema,
  unfinishedSearchView,
} from '../searches/searchView.ts';

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
    /** One damaged record or job must not hide the others; asked for alone it says what is wrong. */
    const list = async (searchId: string, view: () => Promise<SearchView | null>): Promise<void> => {
      try {
        const found = await view();
        if (found !== null) searches.push(found);
      } catch (error) {
        if (asRedisAway(error) !== error) throw error;
        log.warn({ err: error, searchId }, 'a search is left out of the list');
      }
    };
    for (const id of ids) {
      await list(id, async () => {
        const proposal = await findGridSearchProposal(home.outputs, id);
        return proposal && finishedSearchView(home, proposal);
      });
    }
    for (const job of await searchesWithoutResults(queues)) {
      const id = searchIdOfJob(job.id as string);
      if (!ids.includes(id)) await list(id, () => unfinishedSearchView(home, queues, job));
    }
    return { status: 200, body: { searches: searches.sort((a, b) => (a.id < b.id ? 1 : -1)) } };
  },
});
