import type { Queues } from '../../queues/openQueues.ts';
import { SCORING_STEPS, type ScoreRun, scoringJobId } from '../../queues/scoring.ts';
import { startScoreRun } from '../../queues/startScoreRun.ts';
import { followJobs } from './followJobs.ts';
import type { Terminal } from './terminal.ts';

/** What the last step of a run tells. */
export interface RunResult {
  readonly report: string;
  readonly bumped: boolean;
  readonly next_cutoff: string | null;
}

/** Queues a run, shows its steps as they go, and gives the result of the last one. Throws RunBusyError, JobFailedError. */
export async function runScoring(queues: Queues, run: ScoreRun, terminal: Terminal): Promise<RunResult> {
  const names = new Map(SCORING_STEPS.map((step) => [scoringJobId(step.name, run), step.name]));
  const startedAt = new Map<string, number>();
  const result = await followJobs(
    queues,
    'scoring',
    [...names.keys()],
    () => startScoreRun(queues, run),
    (news) => {
      const name = names.get(news.jobId) as string;
      if (news.state === 'started') startedAt.set(name, performance.now());
      if (news.state === 'progress')
        terminal.progress(`  … ${name.padEnd(18)} ${String(news.percent).padStart(3)} %  ${news.doing}`);
      if (news.state === 'completed') {
        const ms = performance.now() - (startedAt.get(name) ?? performance.now());
        terminal.done(`  ✓ ${name.padEnd(18)} ${(ms / 1000).toFixed(2)} s`);
      }
    },
  );
  return result as RunResult;
}
