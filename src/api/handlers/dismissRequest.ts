import { decideOnRequest } from '../../registry/requests.ts';
import type { Api } from '../api.ts';
import { parseBody } from '../parseBody.ts';
import { requestDecisionSchema } from '../requestDecisionSchema.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** Closes a request without a search. */
export async function dismissRequest({ params, body }: ApiRequest, api: Api): Promise<Answer> {
  const asked = parseBody(requestDecisionSchema, body);
  const request = await decideOnRequest(api.home, params.id, {
    status: 'dismissed',
    ...asked,
    searchId: null,
    nowMs: api.clock.now(),
  });
  api.log.info({ request: params.id, by: request.decided_by }, 'a person dismissed a request');
  return { status: 200, body: { request } };
}
