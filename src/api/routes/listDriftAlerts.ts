import { z } from 'zod';
import { alertFigures } from '../../alerts/alertFigures.ts';
import { listAlerts } from '../../alerts/listAlerts.ts';
import { alertSchema } from '../alertSchema.ts';
import { route } from '../route.ts';

/** The drift alerts that stand, newest window first. */
export const listDriftAlerts = route({
  operationId: 'listDriftAlerts',
  method: 'get',
  path: '/api/alerts',
  summary: 'Lists the drift alerts and who takes care of them.',
  params: {},
  answers: {
    200: {
      description: 'The alerts, newest window first.',
      body: z.strictObject({ alerts: z.array(alertSchema) }),
    },
  },
  handler: async (_request, { home }) => ({
    status: 200,
    body: { alerts: (await listAlerts(home)).map(alertFigures) },
  }),
});
