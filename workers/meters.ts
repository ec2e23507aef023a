import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import type { Logger } from 'pino';
import { countDuration } from '../queues/jobDurations.ts';
import type { Queues } from '../queues/openQueues.ts';
import { forgetThreadUse, THREAD_REPORT_MS, tellThreadUse } from '../queues/threadUse.ts';
import type { ComputePool } from './pool.ts';

/** What a host tells of itself for `/metrics`. Nothing here may fail, or hold up, a job. */
export interface Meters {
  /** Counts an attempt that ended. */
  attemptEnded(job: Job, outcome: 'completed' | 'failed'): void;
  /** Waits for what is being told, and takes back what holds only while the host runs. */
  close(): Promise<void>;
}

/** Begins to tell Redis how busy the threads of this process are, and how long its jobs took. */
export function startMeters(queues: Queues, pool: ComputePool, log: Logger): Meters {
  const instance = randomUUID().slice(0, 8);
  const told = new Set<Promise<void>>();
  const tell = (work: Promise<void>): void => {
    const quiet = work.catch((error) => log.debug({ err: error }, 'a metric was not told'));
    told.add(quiet);
    quiet.finally(() => told.delete(quiet));
  };
  const tellThreads = (): void =>
    tell(tellThreadUse(queues, instance, { threads: pool.threads, busy: pool.busy }));
  tellThreads();
  const timer = setInterval(tellThreads, THREAD_REPORT_MS);
  timer.unref();
  return {
    attemptEnded(job, outcome) {
      const endedAt = job.finishedOn ?? Date.now();
      const seconds = Math.max(0, endedAt - (job.processedOn ?? endedAt)) / 1000;
      tell(countDuration(queues, { queue: job.queueName, job: job.name, outcome }, seconds));
    },
    async close() {
      clearInterval(timer);
      await Promise.all(told);
      await forgetThreadUse(queues, instance).catch(() => undefined);
    },
  };
}
