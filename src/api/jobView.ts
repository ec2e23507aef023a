import type { Job } from 'bullmq';
import { jobUrl } from './jobUrl.ts';

/** How far a job is, for whoever only wants to know when to stop asking. */
export type Outcome = 'pending' | 'succeeded' | 'failed';

/** What the API tells of a job. Times are ISO 8601 in UTC. */
export interface JobView {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly queue: string;
  /** The state on the board: waiting, waiting-children, delayed, prioritized, active, completed, failed. */
  readonly state: string;
  readonly outcome: Outcome;
  /** Some jobs add figures of their own by name. */
  readonly progress: { readonly percent: number; readonly doing: string } & Readonly<Record<string, unknown>>;
  readonly attempts: { readonly made: number; readonly allowed: number };
  /** What the job gave; null until it is complete. */
  readonly result: unknown;
  /** Why it failed, or why its last attempt did, in a sentence and a remedy; null where nothing failed. */
  readonly failure: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** Until when a job waits that was queued for later; one that waits for its next attempt does not say. */
  readonly waits_until?: string;
}

/** Describes a job in `state`. */
export function jobView(job: Job, state: string): JobView {
  const id = job.id as string;
  const isComplete = state === 'completed';
  const isFinished = isComplete || state === 'failed';
  return {
    id,
    url: jobUrl(id),
    name: job.name,
    queue: job.queueName,
    state,
    outcome: isComplete ? 'succeeded' : state === 'failed' ? 'failed' : 'pending',
    progress: isComplete ? { percent: 100, doing: '' } : progressOf(job.progress),
    attempts: { made: job.attemptsMade, allowed: job.opts.attempts ?? 1 },
    result: isComplete ? (job.returnvalue ?? null) : null,
    failure: isComplete ? null : sentenceOf(job.failedReason),
    created_at: isoTime(job.timestamp) as string,
    started_at: isoTime(job.processedOn),
    finished_at: isFinished ? isoTime(job.finishedOn) : null,
    ...(state === 'delayed' && job.attemptsMade === 0
      ? { waits_until: isoTime(job.timestamp + job.delay) as string }
      : {}),
  };
}

function progressOf(progress: unknown): JobView['progress'] {
  if (typeof progress === 'number') return { percent: progress, doing: '' };
  return { percent: 0, doing: '', ...(progress as Partial<JobView['progress']> | undefined) };
}

function isoTime(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : new Date(epochMs).toISOString();
}

/** A reason without the lines of a stack trace, which are for the log. */
function sentenceOf(reason: string | undefined): string | null {
  if (!reason) return null;
  return reason
    .split('\n')
    .filter((line) => !/^\s+at .+/.test(line))
    .join('\n');
}
