import { z } from 'zod';
import type { JobContract } from './jobContract.ts';

/** These jobs recur by themselves, so a few quick attempts are enough. */
const retry: JobContract['retry'] = { attempts: 3, backoff: { type: 'exponential', delay: 5000 } };

export const retentionSchema = z.strictObject({
  /** Whether only to say what would be moved or deleted, without doing it. */
  dryRun: z.boolean(),
});
export type RetentionRequest = z.infer<typeof retentionSchema>;

export const retention: JobContract<RetentionRequest> = {
  queue: 'maintenance',
  name: 'retention',
  purpose: 'Archives or deletes files whose time has passed.',
  payload: retentionSchema,
  retry,
};

const nothing = z.strictObject({});

export const reconcile: JobContract<z.infer<typeof nothing>> = {
  queue: 'maintenance',
  name: 'reconcile',
  purpose: 'Compares schedules and alarms with the files and puts right what differs.',
  payload: nothing,
  retry,
};

export const reviewReminder: JobContract<z.infer<typeof nothing>> = {
  queue: 'maintenance',
  name: 'review-reminder',
  purpose: 'Reminds people of the reviews that are due.',
  payload: nothing,
  retry,
};
