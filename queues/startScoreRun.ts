import { ClvError } from '../src/domain/errors.ts';
import { isRunMoving } from './isRunMoving.ts';
import type { Queues } from './openQueues.ts';
import { bumpCutoff, SCORING_STEPS, type ScoreRun, scoringFlow, scoringJobId } from './scoring.ts';
import { withLock } from './withLock.ts';

/** The cutoff is already being scored. */
export class RunBusyError extends ClvError {
  readonly jobId: string;

  constructor(run: Pick<ScoreRun, 'cutoff'>, jobId: string) {
    super('RUN_BUSY', `The cutoff ${run.cutoff} is being scored already, by job ${jobId}.`, {
      remedy: 'Wait for that run, or look at it on the board.',
      values: { cutoff: run.cutoff, jobId },
    });
    this.jobId = jobId;
  }
}

/**
 * Queues a scoring run; returns the id of its last step, which completes when the run is complete. A run of the same
 * cutoff that succeeded or failed makes way; one that is in progress stays. Throws RunBusyError.
 *
 * @param delayMs how long the run waits before its first step.
 */
export async function startScoreRun(queues: Queues, run: ScoreRun, delayMs = 0): Promise<string> {
  const rootId = scoringJobId(bumpCutoff.name, run);
  return withLock(
    queues,
    `${queues.prefix}:lock:${rootId}`,
    async () => {
      const queue = queues.byName.scoring;
      const ids = SCORING_STEPS.map((step) => scoringJobId(step.name, run));
      if (await isRunMoving(queues, run)) throw new RunBusyError(run, rootId);
      for (const id of ids.toReversed()) await (await queue.getJob(id))?.remove();
      await queues.flows.add(scoringFlow(run, queues.prefix, delayMs));
      return rootId;
    },
    () => new RunBusyError(run, rootId),
  );
}
