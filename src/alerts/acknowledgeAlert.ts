import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { completeSignature } from '../domain/governance/signature.ts';
import { withMonitoringLock } from '../locks/homeLocks.ts';
import { appendAcknowledgement } from './alertRecords.ts';
import { type Alert, readAlert } from './listAlerts.ts';

/** Somebody already takes care of the alert. */
export class AlertAcknowledgedError extends ClvError {}

/**
 * Records who takes care of an alert, and why; returns the alert with that. Of two people at the same moment the first
 * counts.
 *
 * @throws SignatureMissingError, AlertUnknownError, AlertAcknowledgedError, RegistryBusyError, FileWriteError.
 */
export async function acknowledgeAlert(
  home: Home,
  id: string,
  { by, note, nowMs }: { readonly by: string; readonly note: string; readonly nowMs: number },
): Promise<Alert> {
  const signature = completeSignature({ approver: by, note, ticket: null });
  return withMonitoringLock(home, async () => {
    const alert = await readAlert(home, id);
    const before = alert.acknowledgement;
    if (before !== null) {
      throw new AlertAcknowledgedError(
        'ALREADY_ACKNOWLEDGED',
        `${id} was acknowledged by ${before.by} at ${before.at}: ${before.note}`,
        { remedy: 'An alert is acknowledged once; ask that person.', values: { id, by: before.by } },
      );
    }
    const acknowledgement = {
      at: new Date(nowMs).toISOString(),
      alert: id,
      actual_sha256: alert.result.actualSha256,
      by: signature.approver,
      note: signature.note,
    };
    await appendAcknowledgement(home, acknowledgement);
    return { ...alert, acknowledgement };
  });
}
