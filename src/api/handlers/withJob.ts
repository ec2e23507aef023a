import type { Job } from 'bullmq';
import type { Queues } from '../../../queues/openQueues.ts';
import type { Api } from '../api.ts';
import { JobUnknownError } from '../errors.ts';
import type { Answer, Handler } from '../route.ts';

/** For routes about one job: finds the job of `:id`, or throws JobUnknownError. */
export function withJob(handler: (job: Job, api: Api) => Promise<Answer>): Handler {
  return async ({ params }, api) => {
    const job = await findJob(api.queues, params.id);
    if (job === null) throw new JobUnknownError(params.id);
    return handler(job, api);
  };
}

/** Redis keeps the queue's own keys beside the jobs: an id like `wait` or `meta` names one of those, and no job. */
async function findJob(queues: Queues, id: string): Promise<Job | null> {
  try {
    const job = await queues.findJob(id);
    return job?.name ? job : null;
  } catch (error) {
    if (error instanceof Error && error.message.includes('WRONGTYPE')) return null;
    throw error;
  }
}
