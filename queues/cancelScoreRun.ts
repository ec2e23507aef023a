import { ClvError } from '../src/domain/errors.ts';
import { isRunMoving } from './isRunMoving.ts';
import type { Queues } from './openQueues.ts';
import { bumpCutoff, SCORING_STEPS, type ScoreRun, scoreCustomers, scoringJobId } from './scoring.ts';
import { RunBusyError } from './startScoreRun.ts';
import { withLock } from './withLock.ts';

/** The run has begun and goes on, or is complete, so it cannot be taken back. */
export class RunNotWaitingError extends ClvError {
  constructor(jobId: string, state: string) {
    super(
      'RUN_NOT_WAITING',
      `The run of job ${jobId} does not wait for its beginning: its first step is ${state}.`,
      {
        remedy: 'Only a run that has not begun, or that failed for good, can be taken back.',
        values: { jobId, state },
      },
    );
  }
}

const NOT_BEGUN = new Set(['delayed', 'waiting', 'prioritized']);

/**
 * Takes a run that has not begun, or that failed for good, out of the queue, with all its steps. Gives why it failed; null for
 * one that has not begun. Throws RunNotWaitingError, RunBusyError.
 */
export async function cancelScoreRun(
  queues: Queues,
  run: Pick<ScoreRun, 'cutoff' | 'predMonths'>,
): Promise<string | null> {
  const queue = queues.byName[bumpCutoff.queue];
  const rootId = scoringJobId(bumpCutoff.name, run);
  const busy = () => new RunBusyError(run, rootId);
  return withLock(
    queues,
    `${queues.prefix}:lock:${rootId}`,
    async () => {
      const state = await queue.getJobState(scoringJobId(scoreCustomers.name, run));
      if (!NOT_BEGUN.has(state) && !(await hasFailed(queues, run)))
        throw new RunNotWaitingError(rootId, state);
      const [last, ...earlier] = await Promise.all(
        SCORING_STEPS.toReversed().map(({ name }) => queue.getJob(scoringJobId(name, run))),
      );
      // Removing the last step, to which the others lead, removes them too; nothing is removed if one has just begun.
      await last?.remove().catch((error) => {
        throw /locked/.test(String(error)) ? busy() : error;
      });
      return [last, ...earlier].find((step) => step?.failedReason)?.failedReason ?? null;
    },
    busy,
  );
}

/** Whether no step of a run will go on by itself, although it is in the queue and not complete. */
async function hasFailed(queues: Queues, run: Pick<ScoreRun, 'cutoff' | 'predMonths'>): Promise<boolean> {
  if (await isRunMoving(queues, run)) return false;
  const state = await queues.byName[bumpCutoff.queue].getJobState(scoringJobId(bumpCutoff.name, run));
  return state !== 'completed' && state !== 'unknown';
}
