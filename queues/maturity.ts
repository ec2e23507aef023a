import { z } from 'zod';
import { isIsoDate } from '../src/domain/calendar/dates.ts';
import { compactDate } from '../src/domain/calendar/timestamps.ts';
import type { JobContract } from './jobContract.ts';

/** One prediction window, by its cutoff and its length. Everything else about it is in its sidecar. */
export const maturingWindowSchema = z.strictObject({
  cutoff: z.string().refine(isIsoDate, 'must be a date written YYYY-MM-DD'),
  predMonths: z.int().min(1),
});
/** One prediction window that passes, or has passed. */
export type MaturingWindow = z.infer<typeof maturingWindowSchema>;

/**
 * How a job is retried that was not queued as part of its flow. In the flow, retries follow `schedule.data_wait`,
 * because the merge waits for late orders.
 */
const retry: JobContract['retry'] = { attempts: 3, backoff: { type: 'fixed', delay: 60_000 } };

/** The alarm of a window: a delayed job, due when its months have passed. */
export const mergeActuals: JobContract<MaturingWindow> = {
  queue: 'maturity',
  name: 'merge-actuals',
  purpose: 'Joins the revenue that was realised to the predictions, once their window has passed.',
  payload: maturingWindowSchema,
  retry,
};

/** Waits for `mergeActuals` of the same window, as its parent in one flow. */
export const monitorDrift: JobContract<MaturingWindow> = {
  queue: 'maturity',
  name: 'monitor-drift',
  purpose: 'Compares prediction and reality with the baseline of the model, and alerts people.',
  payload: maturingWindowSchema,
  retry,
};

/** `merge-20240831-pred6m`: a window has one alarm, however often it is set. */
export function mergeJobId(window: MaturingWindow): string {
  return `merge-${windowKey(window)}`;
}

/** `drift-20240831-pred6m`. */
export function driftJobId(window: MaturingWindow): string {
  return `drift-${windowKey(window)}`;
}

function windowKey({ cutoff, predMonths }: MaturingWindow): string {
  return `${compactDate(cutoff)}-pred${predMonths}m`;
}
