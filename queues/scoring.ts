import type { FlowJob } from 'bullmq';
import { z } from 'zod';
import { isIsoDate } from '../src/domain/calendar/dates.ts';
import { compactDate } from '../src/domain/calendar/timestamps.ts';
import { type JobContract, KEPT_JOBS } from './jobContract.ts';

/**
 * One scoring run. Model and windows are fixed when the run is asked for, so that the files of a run are never of two
 * models, even if the champion changes or the config is edited while it runs.
 */
export const scoreRunSchema = z.strictObject({
  cutoff: z.string().refine(isIsoDate, 'must be a date written YYYY-MM-DD'),
  modelId: z.string().min(1),
  historyMonths: z.int().min(1),
  predMonths: z.int().min(1),
  /** A source of orders instead of the configured one; null for the configured one. */
  orders: z.string().min(1).nullable(),
});
/** One scoring run; windows are in months. */
export type ScoreRun = z.infer<typeof scoreRunSchema>;

/** A disk may be full, or a network share away, for a minute, so another attempt is worth it. */
const retry: JobContract['retry'] = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 2000, jitter: 0.5 },
};

function step<Name extends string>(name: Name, purpose: string) {
  return {
    queue: 'scoring',
    name,
    purpose,
    payload: scoreRunSchema,
    retry,
  } as const satisfies JobContract<ScoreRun>;
}

/** The first step of a run: reads the orders, writes predictions and outlook. */
export const scoreCustomers = step(
  'score-customers',
  'Predicts the revenue of every customer in the months from the cutoff.',
);
/** The second step: reads predictions and outlook, writes ranks and value tiers. */
export const rankCustomers = step(
  'rank-customers',
  'Ranks customers by prediction and puts them into value tiers.',
);
/** The third step: reads the predictions, writes the cluster of each customer. */
export const clusterCustomers = step('cluster-customers', 'Groups customers who behave alike.');
/** The fourth step: reads the clusters, writes their ranking. */
export const rankClusters = step('rank-clusters', 'Ranks the clusters by median prediction.');
/** The last step: checks the files of the run, writes its report, sets the alarm of its window, moves the cutoff on. */
export const bumpCutoff = step(
  'bump-cutoff',
  'Writes the run report and moves the cutoff on for the next run.',
);

/** The steps of a run, in their order; each reads the files of the ones before it. */
export const SCORING_STEPS = [
  scoreCustomers,
  rankCustomers,
  clusterCustomers,
  rankClusters,
  bumpCutoff,
] as const;

/**
 * What the calendar queues at each slot. A job without a slot (an operator asked the board to run the schedule now)
 * begins a run as well.
 */
export const beginRun: JobContract<Record<string, never>> = {
  queue: 'scoring',
  name: 'begin-run',
  purpose: 'Begins the scoring run of the next cutoff, at a slot of the calendar.',
  payload: z.strictObject({}),
  retry,
};

/** The id of one step of a run: the same run has the same ids, so that it cannot be queued twice. */
export function scoringJobId(stepName: string, run: Pick<ScoreRun, 'cutoff' | 'predMonths'>): string {
  return `${stepName}-${compactDate(run.cutoff)}-pred${run.predMonths}m`;
}

/**
 * The steps as a BullMQ flow: the last step is the root, and each waits for the one before it.
 *
 * @param delayMs how long the first step waits, for a cutoff in the future.
 */
export function scoringFlow(run: ScoreRun, prefix: string, delayMs: number): FlowJob {
  const [first, ...later] = SCORING_STEPS.map((contract) => ({
    name: contract.name,
    queueName: contract.queue,
    data: run,
    prefix,
    opts: { ...contract.retry, ...KEPT_JOBS, jobId: scoringJobId(contract.name, run) },
  }));
  const delayed: FlowJob = { ...first, opts: { ...first.opts, delay: delayMs } };
  return later.reduce<FlowJob>((before, after) => ({ ...after, children: [before] }) as FlowJob, delayed);
}
