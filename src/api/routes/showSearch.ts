import { gridSearch, gridSearchJobId } from '../../../queues/gridSearch.ts';
import {
  findGridSearchProposal,
  gridSearchProposalSchema,
  isGridSearchId,
} from '../../artefacts/search/gridSearchProposal.ts';
import { readProposal } from '../../registry/gridSearches.ts';
import { demandRedis } from '../demandRedis.ts';
import { REDIS_CODES } from '../errors/statusOfCode.ts';
import { route } from '../route.ts';
import { finishedSearchView, searchSchema, unfinishedSearchView } from '../searches/searchView.ts';

/** One search: a finished one with its whole record, for which Redis is not needed; else how far it is. */
export const showSearch = route({
  operationId: 'showSearch',
  method: 'get',
  path: '/api/grid-searches/:id',
  summary: 'Shows how far a search is, and what it proposes.',
  params: { id: 'Id of the search.' },
  answers: {
    200: {
      description: 'The search.',
      body: searchSchema
        .extend({
          proposal: gridSearchProposalSchema
            .meta({ id: 'GridSearchProposal' })
            .optional()
            .describe('The whole record; left out until the search is finished.'),
        })
        .meta({ id: 'SearchWithProposal' }),
    },
  },
  refusals: ['GRID_SEARCH_UNKNOWN', ...REDIS_CODES],
  async handler({ params: { id } }, { home, queues }) {
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
  },
});
