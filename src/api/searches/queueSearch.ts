import { z } from 'zod';
import type { GridSearch } from '../../../queues/gridSearch.ts';
import { startGridSearch } from '../../../queues/startGridSearch.ts';
import type { AnswerAsDeclared } from '../answer.ts';
import type { Api } from '../api.ts';
import { referToSearch, searchReferenceSchema } from '../references/searchReference.ts';

/** The answers of a route that queues a search. */
export const SEARCH_QUEUED = {
  202: {
    description: 'The search is queued.',
    body: z.strictObject({ search: searchReferenceSchema }),
    headers: { Location: 'Where the search can be followed.' },
  },
} as const;

/** Queues a search and answers with its address. Throws GridSearchBusyError. */
export async function queueSearch(
  { queues }: Api,
  gridSearch: GridSearch,
): Promise<AnswerAsDeclared<typeof SEARCH_QUEUED>> {
  await startGridSearch(queues, gridSearch);
  const search = referToSearch(gridSearch.searchId);
  return { status: 202, body: { search }, headers: { Location: search.url } };
}
