import { z } from 'zod';
import { decideOnRequest, reviewRequestSchema } from '../../registry/requests.ts';
import { requestDecisionSchema } from '../requestDecisionSchema.ts';
import { route } from '../route.ts';

/** Closes a request without a search. */
export const dismissRequest = route({
  operationId: 'dismissRequest',
  method: 'post',
  path: '/api/requests/:id/dismissal',
  summary: 'A named person decides that nothing is to be done about a request.',
  params: { id: 'Id of the request.' },
  body: requestDecisionSchema,
  answers: {
    200: {
      description: 'The request as it stands now.',
      body: z.strictObject({ request: reviewRequestSchema.meta({ id: 'ReviewRequest' }) }),
    },
  },
  refusals: ['SIGNATURE_MISSING', 'REVIEW_REQUEST_UNKNOWN', 'ALREADY_DECIDED', 'REGISTRY_BUSY'],
  async handler({ params, body }, { home, clock, log }) {
    const request = await decideOnRequest(home, params.id, {
      status: 'dismissed',
      ...body,
      searchId: null,
      nowMs: clock.now(),
    });
    log.info({ request: params.id, by: request.decided_by }, 'a person dismissed a request');
    return { status: 200, body: { request } };
  },
});
