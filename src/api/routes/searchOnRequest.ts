import { requestDecisionSchema } from '../requestDecisionSchema.ts';
import { route } from '../route.ts';
import { queueSearch, SEARCH_QUEUED } from '../searches/queueSearch.ts';
import { searchForRequest } from '../searches/searchForRequest.ts';

/** Turns a request into a search with the settings of the config. */
export const searchOnRequest = route({
  operationId: 'searchOnRequest',
  method: 'post',
  path: '/api/requests/:id/grid-search',
  summary: 'A named person turns a request into a search.',
  params: { id: 'Id of the request.' },
  body: requestDecisionSchema,
  needsRedis: true,
  answers: SEARCH_QUEUED,
  refusals: [
    'SIGNATURE_MISSING',
    'REVIEW_REQUEST_UNKNOWN',
    'ALREADY_DECIDED',
    'GRID_SEARCH_BUSY',
    'REGISTRY_BUSY',
  ],
  async handler({ params, body: asked }, api) {
    return queueSearch(api, await searchForRequest(api, params.id, asked));
  },
});
