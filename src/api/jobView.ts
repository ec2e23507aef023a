import type { Job } from 'bullmq';
import { z } from 'zod';
import type { Home } from '../config/home.ts';
import { jobUrl } from './references/jobUrl.ts';
import { seenFromHome } from './seenFromHome.ts';
import { addressSchema, instantSchema } from './textFormats.ts';

/** What the API tells of a job. */
export const jobSchema = z.strictObject({
  id: z.string(),
  url: addressSchema,
  name: z.string(),
  queue: z.string(),
  state: z
    .string()
    .describe(
      'The state on the board: waiting, waiting-children, delayed, prioritized, active, completed, failed.',
    ),
  outcome: z
    .enum(['pending', 'succeeded', 'failed'])
    .describe('How far the job is, for whoever only wants to know when to stop asking.'),
  progress: z
    .looseObject({ percent: z.number(), doing: z.string() })
    .describe('Some jobs add figures of their own by name.'),
  attempts: z.strictObject({ made: z.int(), allowed: z.int() }),
  result: z.unknown().describe('What the job gave; null until it is complete.'),
  failure: z
    .string()
    .nullable()
    .describe(
      'Why it failed, or why its last attempt did, in a sentence and a remedy; null where nothing failed.',
    ),
  created_at: instantSchema,
  started_at: instantSchema.nullable(),
  finished_at: instantSchema.nullable(),
  waits_until: instantSchema
    .optional()
    .describe(
      'Until when a job waits that was queued for later; one that waits for its next attempt does not say.',
    ),
});
/** A job as the API shows it. */
export type JobView = z.infer<typeof jobSchema>;

/** Describes a job in `state`, as seen from `home`. */
export function jobView(job: Job, state: string, home: Home): JobView {
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
    failure: isComplete ? null : failureOf(job, home),
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

/** Why a job, or its last attempt, failed, as seen from `home`: without the lines of a stack trace, which are for the log. */
export function failureOf({ failedReason }: Pick<Job, 'failedReason'>, home: Home): string | null {
  if (!failedReason) return null;
  const lines = failedReason.split('\n').filter((line) => !/^\s+at .+/.test(line));
  return seenFromHome(lines.join('\n'), home);
}
