import { listRequests } from '../../registry/requests.ts';
import type { Api } from '../api.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** What the program asks of a person, newest first. */
export async function showRequests(_request: ApiRequest, { home }: Api): Promise<Answer> {
  return { status: 200, body: { requests: await listRequests(home) } };
}
