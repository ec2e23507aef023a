import { z } from 'zod';
import { route } from '../route.ts';

/** The server answers, so it is up; whether it can work is told by `/readyz`. */
export const showHealth = route({
  operationId: 'showHealth',
  method: 'get',
  path: '/healthz',
  summary: 'Tells that the server is up.',
  params: {},
  answers: {
    200: { description: 'The server is up.', body: z.strictObject({ status: z.literal('up') }) },
  },
  handler: async () => ({ status: 200, body: { status: 'up' as const } }),
});
