import { z } from 'zod';
import type { JobContract } from './jobContract.ts';

/** The payload of `sendAlert`: which alert, and through which channel. */
export const sendAlertSchema = z.strictObject({
  alertId: z.string().min(1),
  /** SHA-256 of the file that was measured: a window that is measured again raises a new alert with the same id. */
  actualSha256: z.string().min(1),
  channel: z.enum(['webhook', 'slack', 'email']),
});
/** One alert for one channel. */
export type SendAlert = z.infer<typeof sendAlertSchema>;

/** One message to one channel, so that a channel that is down delays neither the others nor the drift monitor. */
export const sendAlert: JobContract<SendAlert> = {
  queue: 'maintenance',
  name: 'send-alert',
  purpose: 'Sends one drift alert through one channel.',
  payload: sendAlertSchema,
  // 30 s, 1 min, 2 min and so on: about an hour in all, which is longer than a mail server takes to restart.
  retry: { attempts: 8, backoff: { type: 'exponential', delay: 30_000, jitter: 0.3 } },
};

/** The id of the job that sends an alert through a channel: always the same, so that it is not queued twice. */
export function sendAlertJobId({ alertId, actualSha256, channel }: SendAlert): string {
  return `send-${channel}-${alertId}-${actualSha256.slice(0, 8)}`;
}
