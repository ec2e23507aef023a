import { newGridSearch } from '../../../queues/gridSearch.ts';
import { findRunningSearch, GridSearchBusyError } from '../../../queues/startGridSearch.ts';
import { gridSearchSettings } from '../../config/gridSearchSettings.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { decideOnRequest, type ReviewRequest, readRequest } from '../../registry/requests.ts';
import type { Api } from '../api.ts';
import { freeSearchStamp, isSearchKnown } from '../knownSearch.ts';
import { parseBody } from '../parseBody.ts';
import { queueSearch, refuseSearch } from '../queueSearch.ts';
import { requestDecisionSchema } from '../requestDecisionSchema.ts';
import type { Answer, ApiRequest } from '../route.ts';

/**
 * Turns a request into a search with the settings of the config. The request is closed first and names the search; where
 * the process dies before that is queued, the same call again queues it.
 */
export async function searchOnRequest({ params, body }: ApiRequest, api: Api): Promise<Answer> {
  const { home, queues, clock, log } = api;
  const asked = parseBody(requestDecisionSchema, body);
  const settings = gridSearchSettings(await loadConfig(home));
  let request = await readRequest(home, params.id);
  if (!(await isSearchLost(api, request))) {
    const running = request.status === 'open' ? await findRunningSearch(queues) : null;
    if (running !== null) return refuseSearch(new GridSearchBusyError(String(running.id)));
    const nowMs = clock.now();
    const searchId = `clv_grid_search_${await freeSearchStamp(api, nowMs)}`;
    request = await decideOnRequest(home, params.id, { status: 'search-started', ...asked, searchId, nowMs });
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
}

/** Whether a request was turned into a search that neither files nor Redis know of. */
async function isSearchLost(api: Api, { status, search_id }: ReviewRequest): Promise<boolean> {
  return status === 'search-started' && search_id !== null && !(await isSearchKnown(api, search_id));
}
