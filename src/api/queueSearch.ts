import { type GridSearch, gridSearchJobId } from '../../queues/gridSearch.ts';
import { GridSearchBusyError, startGridSearch } from '../../queues/startGridSearch.ts';
import type { Api } from './api.ts';
import { describeError } from './describeError.ts';
import { jobUrl } from './jobUrl.ts';
import type { Answer } from './route.ts';
import { searchUrl } from './searchUrl.ts';

/** Queues a search and answers with its address; where another one is in progress, with the address of that. */
export async function queueSearch({ queues }: Api, search: GridSearch): Promise<Answer> {
  try {
    await startGridSearch(queues, search);
  } catch (error) {
    if (!(error instanceof GridSearchBusyError)) throw error;
    return refuseSearch(error);
  }
  const found = refer(search.searchId);
  return { status: 202, body: { search: found }, headers: { Location: found.url } };
}

/** The answer to a request for a second search: the address of the one in progress. */
export function refuseSearch(error: GridSearchBusyError): Answer {
  const { status, body } = describeError(error);
  return { status, body: { ...body, search: refer(error.searchId) } };
}

function refer(searchId: string) {
  const id = gridSearchJobId(searchId);
  return { id: searchId, url: searchUrl(searchId), job: { id, url: jobUrl(id) } };
}
