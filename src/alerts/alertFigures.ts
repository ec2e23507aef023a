import { z } from 'zod';
import { acknowledgementSchema, deliverySchema } from './alertRecords.ts';
import { driftFigures, driftFiguresSchema } from './driftFigures.ts';
import type { Alert } from './listAlerts.ts';

/** The shape of an alert as programs get it. */
export const alertFiguresSchema = driftFiguresSchema.extend({
  id: z.string(),
  alerts_in_a_row: z
    .int()
    .describe('Alerts in consecutive windows up to this one, when it was raised, itself included.'),
  request_id: z
    .string()
    .nullable()
    .describe('The request that a sustained drift opened; null for a single alert.'),
  acknowledgement: acknowledgementSchema
    .pick({ at: true, by: true, note: true })
    .nullable()
    .describe('Null while nobody takes care of it.'),
  deliveries: z.array(deliverySchema.pick({ at: true, channel: true, refused: true })),
});

/** An alert with the names of the API. */
export function alertFigures({
  id,
  result,
  inARow,
  requestId,
  acknowledgement,
  deliveries,
}: Alert): z.infer<typeof alertFiguresSchema> {
  return {
    id,
    ...driftFigures(result),
    alerts_in_a_row: inARow.length,
    request_id: requestId,
    acknowledgement:
      acknowledgement === null
        ? null
        : { at: acknowledgement.at, by: acknowledgement.by, note: acknowledgement.note },
    deliveries: deliveries.map(({ at, channel, refused }) => ({
      at,
      channel,
      ...(refused === undefined ? {} : { refused }),
    })),
  };
}
