import { z } from 'zod';
import { listRequests, reviewRequestSchema } from '../../registry/requests.ts';
import { route } from '../route.ts';

/** What the program asks of a person, newest first. */
export const showRequests = route({
  operationId: 'showRequests',
  method: 'get',
  path: '/api/requests',
  summary: 'Lists what the program asks of a person, newest first.',
  params: {},
  answers: {
    200: {
      description: 'The requests.',
      body: z.strictObject({ requests: z.array(reviewRequestSchema.meta({ id: 'ReviewRequest' })) }),
    },
  },
  handler: async (_request, { home }) => ({ status: 200, body: { requests: await listRequests(home) } }),
});
