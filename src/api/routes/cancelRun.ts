import { bumpCutoff, type ScoreRun, scoreRunSchema } from '../../../queues/scoring.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { ClvError } from '../../domain/errors.ts';
import { lostRunAhead, takeRunBack } from '../../schedule/runsAhead.ts';
import { readSlotLedger } from '../../schedule/slotLedger.ts';
import type { Api } from '../api.ts';
import { JobUnknownError } from '../errors/errors.ts';
import { findJob } from '../findJob.ts';
import { route } from '../route.ts';

/** A job that stands for no scoring run was to be taken back. */
class JobStaysError extends ClvError {}

/** The calendar would queue the run again. */
class RunOfCalendarError extends ClvError {}

/** Takes back a scoring run that has not begun, or that failed for good. */
export const cancelRun = route({
  operationId: 'cancelRun',
  method: 'delete',
  path: '/api/jobs/:id',
  summary: 'Takes back a scoring run that has not begun or that failed for good, with all its steps.',
  params: { id: 'Id of the last step of the run.' },
  needsRedis: true,
  answers: { 204: { description: 'The run is out of the queue.' } },
  refusals: ['JOB_UNKNOWN', 'JOB_STAYS', 'RUN_NOT_WAITING', 'RUN_OF_CALENDAR', 'REGISTRY_BUSY'],
  async handler({ params: { id } }, api) {
    const run = await runOf(id, api);
    await refuseRunOfCalendar(run, api);
    const failure = await takeRunBack(api, run);
    // With its jobs, the reason leaves the board.
    api.log.info({ jobId: id, cutoff: run.cutoff, failure }, 'a run was taken back');
    return { status: 204 };
  },
});

/** The run of which this job is the last step, also where Redis lost it. Throws JobUnknownError, JobStaysError. */
async function runOf(id: string, api: Api): Promise<ScoreRun> {
  const job = await findJob(api.queues, id).catch(async (error) => {
    const lost = error instanceof JobUnknownError ? await lostRunAhead(api, id) : undefined;
    if (lost === undefined) throw error;
    return { name: bumpCutoff.name, data: lost };
  });
  const run = scoreRunSchema.safeParse(job.data);
  if (job.name === bumpCutoff.name && run.success) return run.data;
  throw new JobStaysError('JOB_STAYS', `The job ${id} is not the last step of a scoring run.`, {
    remedy: `Only scoring runs can be taken back, by the id that begins with ${bumpCutoff.name}.`,
    values: { jobId: id },
  });
}

async function refuseRunOfCalendar({ cutoff }: ScoreRun, { home }: Api): Promise<void> {
  const [{ run }, { last }] = await Promise.all([loadConfig(home), readSlotLedger(home)]);
  if (last?.run.cutoff !== cutoff || run.last_score_cutoff !== cutoff) return;
  throw new RunOfCalendarError(
    'RUN_OF_CALENDAR',
    `The calendar began the run of ${cutoff}, which is run.last_score_cutoff, and would queue it again within minutes.`,
    {
      remedy: `Put run.last_score_cutoff right in ${home.configFile}, then take the run back and start the one that was meant.`,
      values: { cutoff },
    },
  );
}
