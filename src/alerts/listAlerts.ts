import { alertIdOf } from '../artefacts/names.ts';
import type { Home } from '../config/home.ts';
import { type DriftResult, isAlert, standingResults } from '../domain/drift/driftResult.ts';
import { alertsInARow, sustainedRequestIds } from '../domain/drift/sustainedDrift.ts';
import { ClvError } from '../domain/errors.ts';
import { type Acknowledgement, type Delivery, readAcknowledgements, readDeliveries } from './alertRecords.ts';
import { readDriftHistory } from './driftHistory.ts';
import { readAskedEpisodes } from './sustainedRequests.ts';

/** There is no alert with that id. */
export class AlertUnknownError extends ClvError {}

/** A window whose predictions missed by more than they should, and what people did about it. */
export interface Alert {
  /** `drift_alert_clv_predictions_actual_<DATE>_pred<X>m`, which is also the name of its file without `.md`. */
  readonly id: string;
  readonly result: DriftResult;
  /** The alerts in consecutive windows that it belonged to when it was raised, itself included. */
  readonly inARow: readonly DriftResult[];
  /** The request that these alerts gave rise to; null for a single alert. */
  readonly requestId: string | null;
  /** Null while nobody takes care of it. */
  readonly acknowledgement: Acknowledgement | null;
  readonly deliveries: readonly Delivery[];
}

/**
 * The alerts of the latest result of each window, newest window first. Throws DriftHistoryDamagedError,
 * RecordsDamagedError.
 */
export async function listAlerts(home: Home): Promise<Alert[]> {
  const [history, asked, acknowledgements, deliveries] = await Promise.all([
    readDriftHistory(home),
    readAskedEpisodes(home),
    readAcknowledgements(home),
    readDeliveries(home),
  ]);
  const requestIds = sustainedRequestIds(history, asked);
  return standingResults(history)
    .filter(isAlert)
    .reverse()
    .map((result) => {
      const id = alertIdOf(result);
      const at = history.indexOf(result);
      const isOfThis = (record: { alert: string; actual_sha256: string }): boolean =>
        record.alert === id && record.actual_sha256 === result.actualSha256;
      return {
        id,
        result,
        inARow: alertsInARow(history.slice(0, at + 1)),
        requestId: requestIds[at],
        acknowledgement: acknowledgements.find(isOfThis) ?? null,
        deliveries: deliveries.filter(isOfThis),
      };
    });
}

/** The alert with that id. Throws AlertUnknownError and what `listAlerts` throws. */
export async function readAlert(home: Home, id: string): Promise<Alert> {
  const alert = (await listAlerts(home)).find((it) => it.id === id);
  if (alert !== undefined) return alert;
  throw new AlertUnknownError('ALERT_UNKNOWN', `There is no alert ${id}.`, {
    remedy: 'Look up the ids with clv alerts, or GET /api/alerts.',
    values: { id },
  });
}
