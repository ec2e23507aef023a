import { type JobContract, KEPT_JOBS } from './jobContract.ts';
import type { Queues } from './openQueues.ts';

/** Queues one job by its contract; returns its id. If there is a job with this id already, it stays as it is. */
export async function addJob<Payload>(
  queues: Queues,
  contract: JobContract<Payload>,
  payload: Payload,
  jobId: string,
): Promise<string> {
  const options = { ...contract.retry, ...KEPT_JOBS, jobId };
  await queues.byName[contract.queue].add(contract.name, payload, options);
  return jobId;
}
