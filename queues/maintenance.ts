import { z } from 'zod';
import type { JobContract } from './jobContract.ts';

/** These jobs recur by themselves, so a few quick attempts are enough. */
const retry: JobContract['retry'] = { attempts: 3, backoff: { type: 'exponential', delay: 5000 } };

/** The payload of `retention`. */
export const retentionSchema = z.strictObject({
  /** Whether only to say what would be moved or deleted, without doing it. */
  dryRun: z.boolean(),
});
/** What the daily clean-up is asked for. */
export type RetentionRequest = z.infer<typeof retentionSchema>;

/** The daily clean-up of `models/` and `outputs/`. */
export const retention: JobContract<RetentionRequest> = {
  queue: 'maintenance',
  name: 'retention',
  purpose: 'Archives or deletes files whose time has passed.',
  payload: retentionSchema,
  retry,
};

const nothing = z.strictObject({});

/** Puts Redis right by the files, at the start of a worker and every 15 minutes. */
export const reconcile: JobContract<z.infer<typeof nothing>> = {
  queue: 'maintenance',
  name: 'reconcile',
  purpose: 'Compares schedules and alarms with the files and puts right what differs.',
  payload: nothing,
  retry,
};

/** Looks daily whether a person is to be asked about the window; it starts nothing. */
export const reviewReminder: JobContract<z.infer<typeof nothing>> = {
  queue: 'maintenance',
  name: 'review-reminder',
  purpose: 'Reminds people of the reviews that are due.',
  payload: nothing,
  retry,
};
