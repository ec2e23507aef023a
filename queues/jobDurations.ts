import type { Queues } from './openQueues.ts';

/** Upper bounds of the buckets, in seconds: from a step of a run in a small shop to a grid search. */
export const DURATION_BOUNDS = [0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200] as const;

/** The attempts that a distribution is about: those at one kind of job. */
interface Attempts {
  readonly queue: string;
  readonly job: string;
  readonly outcome: 'completed' | 'failed';
}

/** How long attempts at one kind of job took. */
export interface JobDurations extends Attempts {
  /** Attempts in each bucket of DURATION_BOUNDS and, last, above them all; not cumulative. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

const SUM = 'sum';

function keyOf({ prefix }: Queues): string {
  return `${prefix}:metrics:durations`;
}

/**
 * Counts one attempt. The counts are kept in Redis, so that every process reports the same ones. When Redis is emptied
 * they begin at 0 again, as counters may.
 */
export async function countDuration(queues: Queues, attempts: Attempts, seconds: number): Promise<void> {
  const at = DURATION_BOUNDS.findIndex((bound) => seconds <= bound);
  const bucket = at < 0 ? DURATION_BOUNDS.length : at;
  const field = (part: string | number): string =>
    [attempts.queue, attempts.job, attempts.outcome, part].join('|');
  await queues.redis
    .multi()
    .hincrby(keyOf(queues), field(bucket), 1)
    .hincrbyfloat(keyOf(queues), field(SUM), seconds)
    .exec();
}

/** The distributions of all kinds of jobs of which attempts were counted. */
export async function readDurations(queues: Queues): Promise<JobDurations[]> {
  const found = new Map<string, JobDurations & { counts: number[]; sumSeconds: number }>();
  for (const [field, value] of Object.entries(await queues.redis.hgetall(keyOf(queues))).sort()) {
    const [queue, job, outcome, part] = field.split('|');
    const key = [queue, job, outcome].join('|');
    const durations = found.get(key) ?? {
      queue,
      job,
      outcome: outcome as Attempts['outcome'],
      counts: new Array<number>(DURATION_BOUNDS.length + 1).fill(0),
      sumSeconds: 0,
    };
    found.set(key, durations);
    if (part === SUM) durations.sumSeconds = Number(value);
    else durations.counts[Number(part)] = Number(value);
  }
  return [...found.values()];
}
