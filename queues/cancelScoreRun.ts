import { ClvError } from '../src/domain/errors.ts';
import type { Queues } from './openQueues.ts';
import { bumpCutoff, type ScoreRun, scoreCustomers, scoringJobId } from './scoring.ts';
import { RunBusyError } from './startScoreRun.ts';
import { withLock } from './withLock.ts';

/** The run has begun or has ended, so it cannot be taken back. */
export class RunNotWaitingError extends ClvError {
  constructor(jobId: string, state: string) {
    super(
      'RUN_NOT_WAITING',
      `The run of job ${jobId} does not wait for its beginning: its first step is ${state}.`,
      {
        remedy: 'Only a run that has not begun can be taken back.',
        values: { jobId, state },
      },
    );
  }
}

const NOT_BEGUN = new Set(['delayed', 'waiting', 'prioritized']);

/** Takes a run that has not begun out of the queue, with all its steps. Throws RunNotWaitingError, RunBusyError. */
export async function cancelScoreRun(
  queues: Queues,
  run: Pick<ScoreRun, 'cutoff' | 'predMonths'>,
): Promise<void> {
  const queue = queues.byName[bumpCutoff.queue];
  const rootId = scoringJobId(bumpCutoff.name, run);
  const busy = () => new RunBusyError(run, rootId);
  await withLock(
    queues,
    `${queues.prefix}:lock:${rootId}`,
    async () => {
      const state = await queue.getJobState(scoringJobId(scoreCustomers.name, run));
      if (!NOT_BEGUN.has(state)) throw new RunNotWaitingError(rootId, state);
      const root = await queue.getJob(rootId);
      // Removing the last step, which waits for the others, removes them too; nothing is removed if one has just begun.
      await root?.remove().catch((error) => {
        throw /locked/.test(String(error)) ? busy() : error;
      });
    },
    busy,
  );
}
