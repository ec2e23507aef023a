import { isDeepStrictEqual } from 'node:util';
import type { Queues } from '../../queues/openQueues.ts';
import { SCORING_STEPS, type ScoreRun, scoringJobId } from '../../queues/scoring.ts';
import { RunBusyError, startScoreRun } from '../../queues/startScoreRun.ts';
import { followJobs } from './followJobs.ts';
import type { Terminal } from './terminal.ts';

/** What the last step of a run tells. */
export interface RunResult {
  readonly report: string;
  readonly bumped: boolean;
  readonly next_cutoff: string | null;
}

/**
 * Queues a run, or joins the very same one that is in the queue, shows its steps as they go, and gives the result of the
 * last one. Throws RunBusyError where that cutoff is being scored in another way, and JobFailedError.
 */
export async function runScoring(queues: Queues, run: ScoreRun, terminal: Terminal): Promise<RunResult> {
  const names = new Map(SCORING_STEPS.map((step) => [scoringJobId(step.name, run), step.name]));
  const startedAt = new Map<string, number>();
  const result = await followJobs(
    queues,
    'scoring',
    [...names.keys()],
    () => startOrJoin(queues, run, terminal),
    (news) => {
      const name = names.get(news.jobId) as string;
      if (news.state === 'started') startedAt.set(name, performance.now());
      if (news.state === 'progress')
        terminal.progress(`  … ${name.padEnd(18)} ${String(news.percent).padStart(3)} %  ${news.doing}`);
      if (news.state === 'completed') {
        const began = startedAt.get(name);
        // A run that was joined may have begun the step before.
        const took = began === undefined ? '' : ` ${((performance.now() - began) / 1000).toFixed(2)} s`;
        terminal.done(`  ✓ ${name.padEnd(18)}${took}`.trimEnd());
      }
    },
  );
  return result as RunResult;
}

/** A command that was killed leaves its run in the queue: whoever gives it again means that run. */
async function startOrJoin(queues: Queues, run: ScoreRun, terminal: Terminal): Promise<string> {
  try {
    return await startScoreRun(queues, run);
  } catch (error) {
    if (!(error instanceof RunBusyError)) throw error;
    const job = await queues.byName.scoring.getJob(error.jobId);
    if (!isDeepStrictEqual(job?.data, run)) throw error;
    terminal.say(
      'This run is in the queue already, of another command or of one that was cut off: it is followed.',
    );
    return error.jobId;
  }
}
