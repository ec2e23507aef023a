import { newestRankedFile, readRankedCustomer } from '../../artefacts/rankedCustomer.ts';
import type { Api } from '../api.ts';
import { CustomerUnknownError } from '../errors.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** What the newest complete run says of one customer. */
export async function showCustomer({ params: { id } }: ApiRequest, { home }: Api): Promise<Answer> {
  const file = await newestRankedFile(home);
  const found = file === null ? null : await readRankedCustomer(home.outputs, file, id);
  if (found === null) throw new CustomerUnknownError(id, file);
  return { status: 200, body: found };
}
