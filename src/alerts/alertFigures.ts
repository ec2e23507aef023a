import { driftFigures } from './driftFigures.ts';
import type { Alert } from './listAlerts.ts';

/** An alert in the words of the API. */
export function alertFigures({ id, result, inARow, requestId, acknowledgement, deliveries }: Alert) {
  return {
    id,
    ...driftFigures(result),
    alerts_in_a_row: inARow.length,
    request_id: requestId,
    acknowledgement:
      acknowledgement === null
        ? null
        : { at: acknowledgement.at, by: acknowledgement.by, note: acknowledgement.note },
    deliveries: deliveries.map(({ at, channel }) => ({ at, channel })),
  };
}
