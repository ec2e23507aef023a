import { z } from 'zod';
import type { JobContract } from './jobContract.ts';

export const sendAlertSchema = z.strictObject({
  alertId: z.string().min(1),
  /** What was measured: a window that is measured anew raises a new alert of the same id. */
  actualSha256: z.string().min(1),
  channel: z.enum(['webhook', 'slack', 'email']),
});
export type SendAlert = z.infer<typeof sendAlertSchema>;

/** One message to one channel, so that a channel that is down holds up neither the others nor the drift monitor. */
export const sendAlert: JobContract<SendAlert> = {
  queue: 'maintenance',
  name: 'send-alert',
  purpose: 'Sends one drift alert through one channel.',
  payload: sendAlertSchema,
  // 30 s, 1 min, 2 min and so on: an hour in all, which outlasts the restart of a mail server.
  retry: { attempts: 8, backoff: { type: 'exponential', delay: 30_000, jitter: 0.3 } },
};

/** The same alert has the same job for each channel, so that it is not queued twice. */
export function sendAlertJobId({ alertId, actualSha256, channel }: SendAlert): string {
  return `send-${channel}-${alertId}-${actualSha256.slice(0, 8)}`;
}
