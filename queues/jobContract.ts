import type { JobsOptions } from 'bullmq';
import type { z } from 'zod';

/** The queues, each with a worker of its own, so that a short job never waits behind a long one of another kind. */
export const QUEUE_NAMES = ['scoring', 'maturity', 'model-build', 'maintenance'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/**
 * One kind of job, declared once: the producer, the worker, the API and the documentation all use this.
 * Delivery is at least once, so whatever processes it must be safe to run twice.
 */
export interface JobContract<Payload = unknown> {
  readonly queue: QueueName;
  readonly name: string;
  /** What it does, in a sentence that an operator reads. */
  readonly purpose: string;
  readonly payload: z.ZodType<Payload>;
  readonly retry: Pick<JobsOptions, 'attempts' | 'backoff'>;
}

/** Finished jobs are history for the board; the files they made are the record. */
export const KEPT_JOBS = { removeOnComplete: { count: 1000 }, removeOnFail: { count: 5000 } } as const;
