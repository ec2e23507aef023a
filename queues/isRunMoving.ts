import { isMoving } from './movingStates.ts';
import type { Queues } from './openQueues.ts';
import { SCORING_STEPS, type ScoreRun, scoringJobId } from './scoring.ts';

/** Whether a run goes on by itself: one of its steps runs, or will. One that failed for good, or is complete, does not. */
export async function isRunMoving(
  { byName }: Queues,
  run: Pick<ScoreRun, 'cutoff' | 'predMonths'>,
): Promise<boolean> {
  // In the order of the run: if a step ends after it was looked at, the step that follows it is looked at later.
  for (const step of SCORING_STEPS) {
    if (isMoving(await byName[step.queue].getJobState(scoringJobId(step.name, run)))) return true;
  }
  return false;
}
