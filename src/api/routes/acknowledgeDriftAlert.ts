import { acknowledgeAlert } from '../../alerts/acknowledgeAlert.ts';
import { alertFigures } from '../../alerts/alertFigures.ts';
import { alertSchema } from '../alertSchema.ts';
import { requestDecisionSchema } from '../requestDecisionSchema.ts';
import { route } from '../route.ts';

/** Records that a named person takes care of an alert. */
export const acknowledgeDriftAlert = route({
  operationId: 'acknowledgeDriftAlert',
  method: 'post',
  path: '/api/alerts/:id/acknowledgement',
  summary: 'A named person takes care of a drift alert.',
  params: { id: 'Id of the alert.' },
  body: requestDecisionSchema,
  answers: { 200: { description: 'The alert as it stands now.', body: alertSchema } },
  refusals: ['SIGNATURE_MISSING', 'ALERT_UNKNOWN', 'ALREADY_ACKNOWLEDGED', 'REGISTRY_BUSY'],
  async handler({ params, body }, { home, clock, log }) {
    const alert = await acknowledgeAlert(home, params.id, { ...body, nowMs: clock.now() });
    log.info({ alert: alert.id, by: alert.acknowledgement?.by }, 'a person acknowledged a drift alert');
    return { status: 200, body: alertFigures(alert) };
  },
});
