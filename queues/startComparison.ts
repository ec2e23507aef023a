import { addJob } from './addJob.ts';
import { type Comparison, compareModels } from './modelBuild.ts';
import type { Queues } from './openQueues.ts';

/**
 * The id of the job of a comparison on orders with this signature: if several people ask for it, it is made once.
 *
 * @param ordersSignature hexadecimal.
 */
export function comparisonJobId({ modelId, otherId }: Comparison, ordersSignature: string): string {
  return `${compareModels.name}-${modelId}-${otherId}-${ordersSignature.slice(0, 12)}`;
}

/** The job that a comparison was queued as. */
interface ComparisonJob {
  readonly id: string;
  readonly isInProgress: boolean;
  /** Why it failed for good; null where it did not. */
  readonly failure: string | null;
}

/** The state of a comparison that was queued; null where there is no job for it (any more). */
export async function findComparisonJob(
  queues: Queues,
  comparison: Comparison,
  ordersSignature: string,
): Promise<ComparisonJob | null> {
  const id = comparisonJobId(comparison, ordersSignature);
  const job = await queues.byName[compareModels.queue].getJob(id);
  if (job === undefined) return null;
  const state = await job.getState();
  return {
    id,
    isInProgress: state !== 'completed' && state !== 'failed',
    failure: state === 'failed' ? job.failedReason : null,
  };
}

/** Queues a comparison; returns the id of its job. One that is in progress stays, one that ended is made again. */
export async function startComparison(
  queues: Queues,
  comparison: Comparison,
  ordersSignature: string,
): Promise<string> {
  const queue = queues.byName[compareModels.queue];
  const jobId = comparisonJobId(comparison, ordersSignature);
  const before = await queue.getJob(jobId);
  if (before === undefined) return addJob(queues, compareModels, comparison, jobId);
  const state = await before.getState();
  // If two processes see the ended job at the same moment, the retry of the second fails, and it finds the job started.
  if (state === 'completed' || state === 'failed')
    await before.retry(state, { resetAttemptsMade: true }).catch(() => undefined);
  return jobId;
}
