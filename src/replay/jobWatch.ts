import { QueueEvents } from 'bullmq';
import { QUEUE_NAMES, type QueueName } from '../../queues/jobContract.ts';
import type { Queues } from '../../queues/openQueues.ts';
import { ClvError } from '../domain/errors.ts';

/** A job of the replay failed for good; its sentence is the one on the board. */
export class ReplayedJobError extends ClvError {}

/** A job that is waited for, and the jobs before it whose failure would keep it from ever running. */
export interface AwaitedJob {
  readonly queue: QueueName;
  readonly id: string;
  readonly after?: readonly string[];
}

/** How a job came to rest. */
export type Rest = { readonly state: 'completed'; readonly result: unknown } | { readonly state: 'delayed' };

/** Waits for jobs of one home's queues, whichever process does them. Close it when done. */
export class JobWatch {
  readonly #queues: Queues;
  readonly #events: ReadonlyMap<QueueName, QueueEvents>;

  private constructor(queues: Queues, events: ReadonlyMap<QueueName, QueueEvents>) {
    this.#queues = queues;
    this.#events = events;
  }

  static async open(queues: Queues): Promise<JobWatch> {
    const events = new Map<QueueName, QueueEvents>();
    for (const name of QUEUE_NAMES) {
      const connection = { url: queues.url, maxRetriesPerRequest: null };
      const listener = new QueueEvents(name, { connection, prefix: queues.prefix });
      // A QueueEvents of two dozen waiters is no leak.
      listener.setMaxListeners(0);
      await listener.waitUntilReady();
      events.set(name, listener);
    }
    return new JobWatch(queues, events);
  }

  /**
   * Calls `start`, then waits until the job is complete, or was put aside until later. Throws ReplayedJobError where it,
   * or one that it waits for, failed for good.
   */
  async rest({ queue, id, after = [] }: AwaitedJob, start: () => Promise<unknown>): Promise<Rest> {
    const listener = this.#events.get(queue) as QueueEvents;
    const watched = new Set([id, ...after]);
    let end: () => void = () => undefined;
    const rest = new Promise<Rest>((resolve, reject) => {
      const settle = async (jobId: string): Promise<void> => {
        if (!watched.has(jobId)) return;
        const job = await this.#queues.byName[queue].getJob(jobId);
        const state = await job?.getState();
        if (state === 'failed') {
          const values = { jobId };
          reject(new ReplayedJobError('JOB_FAILED', job?.failedReason ?? `${jobId} failed.`, { values }));
        }
        if (state === 'completed' && jobId === id) resolve({ state, result: job?.returnvalue });
      };
      const onEnd = ({ jobId }: { jobId: string }): void => void settle(jobId).catch(reject);
      const onDelayed = ({ jobId }: { jobId: string }): void => {
        if (watched.has(jobId)) resolve({ state: 'delayed' });
      };
      listener.on('completed', onEnd);
      listener.on('failed', onEnd);
      start()
        .then(async () => {
          listener.on('delayed', onDelayed);
          for (const jobId of watched) await settle(jobId);
        })
        .catch(reject);
      end = () => {
        listener.off('completed', onEnd);
        listener.off('failed', onEnd);
        listener.off('delayed', onDelayed);
      };
    });
    try {
      return await rest;
    } finally {
      end();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#events.values()].map((listener) => listener.close()));
  }
}
