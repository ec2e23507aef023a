import { alertFigures } from '../../alerts/alertFigures.ts';
import { listAlerts } from '../../alerts/listAlerts.ts';
import type { Api } from '../api.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** The drift alerts that stand, newest window first. */
export async function listDriftAlerts(_request: ApiRequest, { home }: Api): Promise<Answer> {
  return { status: 200, body: { alerts: (await listAlerts(home)).map(alertFigures) } };
}
