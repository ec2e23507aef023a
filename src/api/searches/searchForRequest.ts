import { type GridSearch, newGridSearch } from '../../../queues/gridSearch.ts';
import { findRunningSearch, GridSearchBusyError } from '../../../queues/startGridSearch.ts';
import { gridSearchSettings } from '../../config/gridSearchSettings.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { decideOnRequest, type ReviewRequest, readRequest } from '../../registry/requests.ts';
import type { Api } from '../api.ts';
import { freeSearchStamp, isSearchKnown } from './knownSearch.ts';

/**
 * The search that a named person turns a request into, with the settings of the config; the caller queues it. The request
 * is closed first and names the search; where the process dies before the search is queued, the same call gives it again.
 *
 * @throws ReviewRequestUnknownError, SignatureMissingError, RegistryBusyError, FileWriteError; DecisionRefusedError where
 *   the request was decided on before; GridSearchBusyError, which leaves it open.
 */
export async function searchForRequest(
  api: Api,
  requestId: string,
  signature: { readonly by: string; readonly note: string },
): Promise<GridSearch> {
  const { home, queues, clock, log } = api;
  const settings = gridSearchSettings(await loadConfig(home));
  let request = await readRequest(home, requestId);
  if (!(await isSearchLost(api, request))) {
    const running = request.status === 'open' ? await findRunningSearch(queues) : null;
    if (running !== null) throw new GridSearchBusyError(String(running.id));
    const nowMs = clock.now();
    const searchId = `clv_grid_search_${await freeSearchStamp(api, nowMs)}`;
    request = await decideOnRequest(home, requestId, {
      status: 'search-started',
      ...signature,
      searchId,
      nowMs,
    });
    log.info({ request: requestId, by: request.decided_by, searchId }, 'a person asked for a search');
  }
  const { search_id, decided_at, decided_by, note } = request;
  return newGridSearch(
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
}

/** Whether a request was turned into a search that neither files nor Redis know of. */
async function isSearchLost(api: Api, { status, search_id }: ReviewRequest): Promise<boolean> {
  return status === 'search-started' && search_id !== null && !(await isSearchKnown(api, search_id));
}
