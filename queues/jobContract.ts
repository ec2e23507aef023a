import type { JobsOptions } from 'bullmq';
import type { z } from 'zod';

/** The queues. Each has its own worker, so that a short job never waits behind a long one of another queue. */
export const QUEUE_NAMES = ['scoring', 'maturity', 'model-build', 'maintenance'] as const;
/** The name of a queue. */
export type QueueName = (typeof QUEUE_NAMES)[number];

/**
 * One kind of job, declared once: the producer, the worker, the API and the documentation all use this.
 * Delivery is at least once, so its processor must be safe to run twice.
 */
export interface JobContract<Payload = unknown> {
  readonly queue: QueueName;
  readonly name: string;
  /** What it does, in a sentence for operators. */
  readonly purpose: string;
  readonly payload: z.ZodType<Payload>;
  readonly retry: Pick<JobsOptions, 'attempts' | 'backoff'>;
}

/** How many finished jobs are kept: they are only history for the board; the record is in the files that they made. */
export const KEPT_JOBS = { removeOnComplete: { count: 1000 }, removeOnFail: { count: 5000 } } as const;
