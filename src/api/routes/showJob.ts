import type { Job } from 'bullmq';
import { z } from 'zod';
import { bumpCutoff, SCORING_STEPS, scoreRunSchema, scoringJobId } from '../../../queues/scoring.ts';
import type { Api } from '../api.ts';
import { JobUnknownError } from '../errors/errors.ts';
import { findJob } from '../findJob.ts';
import { type JobView, jobSchema, jobView } from '../jobView.ts';
import { route } from '../route.ts';

const stepSchema = jobSchema
  .pick({ id: true, url: true, name: true, state: true, outcome: true, progress: true, failure: true })
  .meta({ id: 'Step' });
type StepView = z.infer<typeof stepSchema>;

/** Shows one job; the last step of a run, which stands for the run, shows all steps as well. */
export const showJob = route({
  operationId: 'showJob',
  method: 'get',
  path: '/api/jobs/:id',
  summary: 'Shows one job of any queue.',
  params: { id: 'Id of the job.' },
  needsRedis: true,
  answers: {
    200: {
      description: 'The job.',
      body: jobSchema
        .extend({
          steps: z
            .array(stepSchema)
            .optional()
            .describe('With the job that stands for a scoring run: its steps, in their order.'),
        })
        .meta({ id: 'Job' }),
    },
  },
  refusals: ['JOB_UNKNOWN'],
  async handler({ params }, api) {
    const job = await findJob(api.queues, params.id);
    const state = await job.getState();
    // It was removed between the look-up and the question.
    if (state === 'unknown') throw new JobUnknownError(job.id as string);
    const view = jobView(job, state, api.home);
    const steps = await stepsOf(job, api);
    if (steps === null) return { status: 200, body: view };
    const failed = state === 'completed' ? undefined : steps.find((step) => step.outcome === 'failed');
    // The steps after a failed one wait for it; whoever asks after the run wants to know that it failed, and why.
    const verdict = failed ? { outcome: failed.outcome, failure: failed.failure } : {};
    return { status: 200, body: { ...view, ...verdict, steps } };
  },
});

/** The steps of the run that `job` is the last step of; null for any other job. */
async function stepsOf(job: Job, { queues, home }: Api): Promise<StepView[] | null> {
  const run = scoreRunSchema.safeParse(job.data);
  if (job.name !== bumpCutoff.name || !run.success) return null;
  const queue = queues.byName[bumpCutoff.queue];
  const steps = await Promise.all(
    SCORING_STEPS.map(async (step) => {
      const found = await queue.getJob(scoringJobId(step.name, run.data));
      return found ? stepView(jobView(found, await found.getState(), home)) : null;
    }),
  );
  // A step that is missing was removed by hand, or is so old that it was forgotten.
  return steps.filter((step) => step !== null);
}

function stepView({ id, url, name, state, outcome, progress, failure }: JobView): StepView {
  return { id, url, name, state, outcome, progress, failure };
}
