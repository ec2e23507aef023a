import { QueueEvents } from 'bullmq';
import type { QueueName } from '../../queues/jobContract.ts';
import type { Queues } from '../../queues/openQueues.ts';
import { RedisAwayError } from '../../queues/redisAwayError.ts';
import { ClvError } from '../domain/errors.ts';

/** A job failed for good; its sentence is the one on the board. */
export class JobFailedError extends ClvError {}

/** A job that was being followed is not in the queue any more. */
export class JobGoneError extends ClvError {}

/** How far one of the jobs that are followed is. */
export interface JobNews {
  readonly jobId: string;
  readonly state: 'started' | 'progress' | 'completed';
  /** 0 to 100. */
  readonly percent: number;
  readonly doing: string;
}

/** How often jobs are looked at by themselves: news can be lost with a connection, or with all of Redis. */
const LOOK_MS = 1_000;
/** How long Redis may be away while jobs are followed: it takes a second to restart, and longer to load much data. */
const AWAY_PATIENCE_MS = 30_000;
/** How long a job may take to appear that another one queues. */
const APPEARANCE_MS = 10_000;

/**
 * Queues jobs with `start`, then waits until the job that it names is complete; gives that job's result. News of the
 * jobs in `jobIds` go to `onNews`. A Redis that is restarted meanwhile is waited for.
 *
 * @throws JobFailedError as soon as one of the jobs has failed for good; JobGoneError where somebody emptied Redis, or
 *   removed the job; RedisAwayError.
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
  let watch: NodeJS.Timeout | undefined;
  try {
    await events.waitUntilReady();
    return await new Promise((resolve, reject) => {
      const tell = (jobId: string, news: Omit<JobNews, 'jobId'>): void => {
        if (followed.has(jobId)) onNews({ jobId, ...news });
      };
      let last: string | null = null;
      // The connection mends itself; what was missed meanwhile is looked up.
      events.on('error', () => undefined);
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
        if (followed.has(jobId)) reject(jobFailed(jobId, failedReason));
      });
      start().then((jobId) => {
        last = jobId;
        const look = lookAt(queues, queue, [...followed, jobId], jobId);
        const again = (): void => {
          look().then((found) => {
            if (found !== null) resolve(found.result);
            else watch = setTimeout(again, LOOK_MS);
          }, reject);
        };
        again();
      }, reject);
    });
  } finally {
    clearTimeout(watch);
    await events.close();
  }
}

/**
 * Looks whether the `last` of some jobs is complete; null while it is not. Throws JobFailedError, JobGoneError and, where
 * it has been called in vain for too long, RedisAwayError.
 */
export function lookAt(
  queues: Queues,
  queueName: QueueName,
  jobIds: readonly string[],
  last: string,
): () => Promise<{ readonly result: unknown } | null> {
  const queue = queues.byName[queueName];
  const startedAt = performance.now();
  let isKnown = false;
  let answeredAt = startedAt;
  const look = async () => {
    for (const id of jobIds) {
      if ((await queue.getJobState(id)) === 'failed')
        throw jobFailed(id, (await queue.getJob(id))?.failedReason ?? `${id} failed.`);
    }
    const job = await queue.getJob(last);
    const state = (await job?.getState()) ?? 'unknown';
    isKnown ||= state !== 'unknown' || performance.now() - startedAt > APPEARANCE_MS;
    if (state === 'unknown' && isKnown) throw jobGone(last);
    // Read again: a job that was read before it ended has no result yet.
    return state === 'completed' ? { result: (await queue.getJob(last))?.returnvalue } : null;
  };
  return async () => {
    try {
      const found = await look();
      answeredAt = performance.now();
      return found;
    } catch (error) {
      if (error instanceof ClvError) throw error;
      if (performance.now() - answeredAt > AWAY_PATIENCE_MS) throw new RedisAwayError(error);
      return null;
    }
  };
}

function jobFailed(jobId: string, reason: string): JobFailedError {
  return new JobFailedError('JOB_FAILED', reason, { values: { jobId } });
}

function jobGone(jobId: string): JobGoneError {
  return new JobGoneError(
    'JOB_GONE',
    `The job ${jobId} is not in the queue any more: Redis was emptied, or somebody removed it.`,
    {
      remedy: 'Give the command again; what was finished before leaves the same files.',
      values: { jobId },
    },
  );
}
