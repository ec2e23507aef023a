import { readFile } from 'node:fs/promises';
import { gridSearchFolder } from '../../artefacts/gridSearchCell.ts';
import { gridSearchFileNames, isGridSearchId } from '../../artefacts/gridSearchProposal.ts';
import type { Api } from '../api.ts';
import { SearchFileUnknownError } from '../errors.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** The results or a heat map of a search, and no other file. */
export async function sendSearchFile({ params: { id, name } }: ApiRequest, { home }: Api): Promise<Answer> {
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
}
