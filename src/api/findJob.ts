import type { Job } from 'bullmq';
import type { Queues } from '../../queues/openQueues.ts';
import { JobUnknownError } from './errors/errors.ts';

/** The job of that id, in whatever queue. Throws JobUnknownError. */
export async function findJob(queues: Queues, id: string): Promise<Job> {
  const job = await lookUp(queues, id);
  if (job === null) throw new JobUnknownError(id);
  return job;
}

/** Redis keeps the queue's own keys beside the jobs: an id like `wait` or `meta` names one of those, and no job. */
async function lookUp(queues: Queues, id: string): Promise<Job | null> {
  try {
    const job = await queues.findJob(id);
    return job?.name ? job : null;
  } catch (error) {
    if (error instanceof Error && error.message.includes('WRONGTYPE')) return null;
    throw error;
  }
}
