import { readFile } from 'node:fs/promises';
import { gridSearchFolder } from '../../artefacts/search/gridSearchCell.ts';
import { gridSearchFileNames, isGridSearchId } from '../../artefacts/search/gridSearchProposal.ts';
import { SearchFileUnknownError } from '../errors/errors.ts';
import { route } from '../route.ts';

/** The results or a heat map of a search, and no other file. */
export const sendSearchFile = route({
  operationId: 'sendSearchFile',
  method: 'get',
  path: '/api/grid-searches/:id/files/:name',
  summary: 'Serves the results and the two heat maps of a search.',
  params: { id: 'Id of the search.', name: 'Name of the file, as the search lists it under `files`.' },
  answers: { 200: { description: 'The file.', bytes: ['text/csv', 'image/png'] } },
  refusals: ['SEARCH_FILE_UNKNOWN'],
  async handler({ params: { id, name } }, { home }) {
    const isIts = isGridSearchId(id) && Object.values(gridSearchFileNames(id)).includes(name);
    if (!isIts) throw new SearchFileUnknownError(id, name);
    try {
      const body = await readFile(`${gridSearchFolder(home.outputs)}/${name}`);
      const type = name.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'image/png';
      return { status: 200, body, headers: { 'Content-Type': type } };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new SearchFileUnknownError(id, name);
      throw error;
    }
  },
});
