import { z } from 'zod';
import { acknowledgeAlert } from '../../alerts/acknowledgeAlert.ts';
import { alertFigures } from '../../alerts/alertFigures.ts';
import type { Api } from '../api.ts';
import { parseBody } from '../parseBody.ts';
import type { Answer, ApiRequest } from '../route.ts';

const requestSchema = z.strictObject({ by: z.string('is not a text'), note: z.string('is not a text') });

/** Records that a named person takes care of an alert. */
export async function acknowledgeDriftAlert(
  { params, body }: ApiRequest,
  { home, clock, log }: Api,
): Promise<Answer> {
  const asked = parseBody(requestSchema, body);
  const alert = await acknowledgeAlert(home, params.id, { ...asked, nowMs: clock.now() });
  log.info({ alert: alert.id, by: alert.acknowledgement?.by }, 'a person acknowledged a drift alert');
  return { status: 200, body: alertFigures(alert) };
}
