import { z } from 'zod';
import type { Home } from '../config/home.ts';
import { appendJsonLine, readJsonLines } from '../registry/jsonLines.ts';

/** The alert that a record belongs to, as it was measured then: a window that is measured again raises a new alert. */
const subject = {
  alert: z.string(),
  /** SHA-256 of the file that was measured. */
  actual_sha256: z.string(),
};

/** The shape of a line of the acknowledgements. */
export const acknowledgementSchema = z.strictObject({
  /** ISO 8601 in UTC. */
  at: z.string(),
  ...subject,
  by: z.string(),
  note: z.string(),
});
/** Who takes care of an alert, since when, and why. */
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;

/** The shape of a line of the deliveries. */
export const deliverySchema = z.strictObject({
  at: z.string(),
  ...subject,
  channel: z.string(),
  /** Where some were: the alert is not sent to them again. */
  refused: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Addresses that the mail server refused while it took the alert for others; absent for none.'),
});
/** The delivery of an alert through a channel. */
export type Delivery = z.infer<typeof deliverySchema>;

function acknowledgementsPath(home: Home): string {
  return `${home.monitoring}/acknowledgements.jsonl`;
}

function deliveriesPath(home: Home): string {
  return `${home.monitoring}/alert_deliveries.jsonl`;
}

/** All of them, oldest first. Throws RecordsDamagedError. */
export function readAcknowledgements(home: Home): Promise<Acknowledgement[]> {
  return readJsonLines(acknowledgementsPath(home), acknowledgementSchema);
}

/** The caller holds the monitoring lock. */
export function appendAcknowledgement(home: Home, record: Acknowledgement): Promise<void> {
  return appendJsonLine(acknowledgementsPath(home), record);
}

/** All of them, oldest first. Throws RecordsDamagedError. */
export function readDeliveries(home: Home): Promise<Delivery[]> {
  return readJsonLines(deliveriesPath(home), deliverySchema);
}

/** The caller holds the monitoring lock. */
export function appendDelivery(home: Home, record: Delivery): Promise<void> {
  return appendJsonLine(deliveriesPath(home), record);
}
