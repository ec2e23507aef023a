import type { Job } from 'bullmq';
import type { Queues } from '../../../queues/openQueues.ts';
import { bumpCutoff, SCORING_STEPS, scoreRunSchema, scoringJobId } from '../../../queues/scoring.ts';
import type { Api } from '../api.ts';
import { JobUnknownError } from '../errors.ts';
import { type JobView, jobView } from '../jobView.ts';
import type { Answer } from '../route.ts';

/** Shows one job; the last step of a run, which stands for the run, shows all steps as well. */
export async function showJob(job: Job, { queues }: Api): Promise<Answer> {
  const state = await job.getState();
  // It was removed between the look-up and the question.
  if (state === 'unknown') throw new JobUnknownError(job.id as string);
  const view = jobView(job, state);
  const steps = await stepsOf(job, queues);
  if (steps === null) return { status: 200, body: view };
  const failed = state === 'completed' ? undefined : steps.find((step) => step.outcome === 'failed');
  // The steps after a failed one wait for it; whoever asks after the run wants to know that it failed, and why.
  const verdict = failed ? { outcome: failed.outcome, failure: failed.failure } : {};
  return { status: 200, body: { ...view, ...verdict, steps } };
}

type StepView = Pick<JobView, 'id' | 'url' | 'name' | 'state' | 'outcome' | 'progress' | 'failure'>;

/** The steps of the run that `job` is the last step of; null for any other job. */
async function stepsOf(job: Job, queues: Queues): Promise<StepView[] | null> {
  const run = scoreRunSchema.safeParse(job.data);
  if (job.name !== bumpCutoff.name || !run.success) return null;
  const queue = queues.byName[bumpCutoff.queue];
  const steps = await Promise.all(
    SCORING_STEPS.map(async (step) => {
      const found = await queue.getJob(scoringJobId(step.name, run.data));
      return found ? stepView(jobView(found, await found.getState())) : null;
    }),
  );
  // A step that is missing was removed by hand, or is so old that it was forgotten.
  return steps.filter((step) => step !== null);
}

function stepView({ id, url, name, state, outcome, progress, failure }: JobView): StepView {
  return { id, url, name, state, outcome, progress, failure };
}
