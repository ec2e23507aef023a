import { newGridSearch } from '../../../queues/gridSearch.ts';
import { findRunningSearch, GridSearchBusyError } from '../../../queues/startGridSearch.ts';
import { gridSearchSettings } from '../../config/gridSearchSettings.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { decideOnRequest, type ReviewRequest, readRequest } from '../../registry/requests.ts';
import type { Api } from '../api.ts';
import { freeSearchStamp, isSearchKnown } from '../knownSearch.ts';
import { queueSearch, SEARCH_QUEUED } from '../queueSearch.ts';
import { requestDecisionSchema } from '../requestDecisionSchema.ts';
import { route } from '../route.ts';

/**
 * Turns a request into a search with the settings of the config. The request is closed first and names the search; where
 * the process dies before that is queued, the same call again queues it.
 */
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
    const { home, queues, clock, log } = api;
    const settings = gridSearchSettings(await loadConfig(home));
    let request = await readRequest(home, params.id);
    if (!(await isSearchLost(api, request))) {
      const running = request.status === 'open' ? await findRunningSearch(queues) : null;
      if (running !== null) throw new GridSearchBusyError(String(running.id));
      const nowMs = clock.now();
      const searchId = `clv_grid_search_${await freeSearchStamp(api, nowMs)}`;
      request = await decideOnRequest(home, params.id, {
        status: 'search-started',
        ...asked,
        searchId,
        nowMs,
      });
      log.info({ request: params.id, by: request.decided_by, searchId }, 'a person asked for a search');
    }
    const { search_id, decided_at, decided_by, note } = request;
    const search = newGridSearch(
      String(search_id).slice('clv_grid_search_'.length),
      Date.parse(String(decided_at)),
      settings,
      {
        requestedBy: String(decided_by),
        note: `${note} (request ${request.id})`,
        eligibilityOverride: null,
        orders: null,
      },
    );
    return queueSearch(api, search);
  },
});

/** Whether a request was turned into a search that neither files nor Redis know of. */
async function isSearchLost(api: Api, { status, search_id }: ReviewRequest): Promise<boolean> {
  return status === 'search-started' && search_id !== null && !(await isSearchKnown(api, search_id));
}
