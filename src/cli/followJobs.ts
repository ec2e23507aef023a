import { QueueEvents } from 'bullmq';
import type { QueueName } from '../../queues/jobContract.ts';
import type { Queues } from '../../queues/openQueues.ts';
import { ClvError } from '../domain/errors.ts';

/** A job failed for good; its sentence is the one on the board. */
export class JobFailedError extends ClvError {}

/** How far one of the jobs that are followed is. */
export interface JobNews {
  readonly jobId: string;
  readonly state: 'started' | 'progress' | 'completed';
  /** 0 to 100. */
  readonly percent: number;
  readonly doing: string;
}

/**
 * Queues jobs with `start`, then waits until the job that it names is complete; gives that job's result. News of the
 * jobs in `jobIds` go to `onNews`. Throws JobFailedError as soon as one of them has failed for good.
 */
export async function followJobs(
  queues: Queues,
  queue: QueueName,
  jobIds: readonly string[],
  start: () => Promise<string>,
  onNews: (news: JobNews) => void,
): Promise<unknown> {
  const events = new QueueEvents(queue, {
    connection: { url: queues.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
  });
  const followed = new Set(jobIds);
  try {
    await events.waitUntilReady();
    return await new Promise((resolve, reject) => {
      let last: string | null = null;
      const tell = (jobId: string, news: Omit<JobNews, 'jobId'>): void => {
        if (followed.has(jobId)) onNews({ jobId, ...news });
      };
      events.on('error', reject);
      events.on('active', ({ jobId }) => tell(jobId, { state: 'started', percent: 0, doing: '' }));
      events.on('progress', ({ jobId, data }) => {
        const { percent, doing } = data as { percent: number; doing: string };
        tell(jobId, { state: 'progress', percent, doing });
      });
      events.on('completed', ({ jobId, returnvalue }) => {
        tell(jobId, { state: 'completed', percent: 100, doing: '' });
        if (jobId === last) resolve(returnvalue);
      });
      events.on('failed', ({ jobId, failedReason }) => {
        if (followed.has(jobId))
          reject(new JobFailedError('JOB_FAILED', failedReason, { values: { jobId } }));
      });
      start().then((jobId) => {
        last = jobId;
      }, reject);
    });
  } finally {
    await events.close();
  }
}
