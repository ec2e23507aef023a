import type { FlowJob, Job, JobsOptions } from 'bullmq';
import type { Clock } from '../src/domain/calendar/clock.ts';
import { KEPT_JOBS } from './jobContract.ts';
import { driftJobId, type MaturingWindow, mergeActuals, mergeJobId, monitorDrift } from './maturity.ts';
import { MOVING_STATES } from './movingStates.ts';
import type { Queues } from './openQueues.ts';
import { withLock } from './withLock.ts';

/** An alarm that differs from its instant by more than this is moved, then exactly to the instant. */
const TOLERANCE_MS = 60_000;

/** How long the merge waits if the orders do not reach the end of the window yet. */
export interface DataWait {
  readonly attempts: number;
  readonly minutes: number;
}

/** The alarm that a window should have. */
export interface WantedAlarm {
  readonly window: MaturingWindow;
  /** Milliseconds since 1970 UTC. */
  readonly dueMs: number;
  /** `maturing`: revenue is still to be merged. `merged`: only the comparison is missing. */
  readonly stage: 'maturing' | 'merged';
  readonly dataWait: DataWait;
  /** Whether the window was just scored, so that jobs that failed on its earlier files begin anew. */
  readonly isScoredAnew: boolean;
}

/** What is wrong with the alarm of a window. `misplaced`: it is set to the wrong instant. */
export interface AlarmFault {
  readonly fault: 'missing' | 'misplaced';
  mend(): Promise<void>;
}

/**
 * Compares the alarm of a window with its jobs; null where nothing is wrong. A job that failed for good is left for a
 * person to retry, until the window is scored again.
 */
export async function alarmFault(
  queues: Queues,
  wanted: WantedAlarm,
  clock: Clock,
): Promise<AlarmFault | null> {
  const { window, stage, isScoredAnew } = wanted;
  const standing: readonly string[] = isScoredAnew ? MOVING_STATES : [...MOVING_STATES, 'failed'];
  const queue = queues.byName[mergeActuals.queue];
  const [merge, drift] = await Promise.all([
    queue.getJobState(mergeJobId(window)),
    queue.getJobState(driftJobId(window)),
  ]);
  if (stage === 'merged') {
    const isThere = [...standing, 'waiting-children'].includes(drift);
    return isThere ? null : { fault: 'missing', mend: () => setDrift(queues, window) };
  }
  const isThere = drift === 'waiting-children' && standing.includes(merge);
  // A job cannot be removed while it runs; the next comparison sees its outcome.
  if (merge === 'active' || drift === 'active') return null;
  if (!isThere) return { fault: 'missing', mend: () => setFlow(queues, wanted, clock) };
  const isOff = merge === 'delayed' && (await isMisplaced(queues, wanted, clock));
  return isOff ? { fault: 'misplaced', mend: () => move(queues, wanted, clock) } : null;
}

/**
 * The comparison as the parent, the merge as its child, which is delayed to the due instant. The child has no option
 * for failure: a merge that failed for good leaves the parent waiting, and an operator who retries it lets the parent
 * go on.
 */
function maturityFlow(wanted: WantedAlarm, prefix: string, clock: Clock): FlowJob {
  const { window, dueMs, dataWait } = wanted;
  const { queue: queueName } = mergeActuals;
  return {
    name: monitorDrift.name,
    queueName,
    data: window,
    prefix,
    opts: driftOptions(window),
    children: [
      {
        name: mergeActuals.name,
        queueName,
        data: window,
        prefix,
        opts: {
          attempts: dataWait.attempts,
          backoff: { type: 'fixed', delay: dataWait.minutes * 60_000 },
          ...KEPT_JOBS,
          jobId: mergeJobId(window),
          ...delayUntil(dueMs, clock),
        },
      },
    ],
  };
}

function driftOptions(window: MaturingWindow): JobsOptions {
  return { ...monitorDrift.retry, ...KEPT_JOBS, jobId: driftJobId(window) };
}

/**
 * The options of a job that is due at an instant of `clock`. BullMQ counts from `timestamp`, by the clock of the
 * machine.
 */
function delayUntil(dueMs: number, clock: Clock): Pick<JobsOptions, 'delay' | 'timestamp'> {
  const delay = Math.max(0, dueMs - clock.now());
  return { delay, timestamp: Date.now() };
}

/** Whether a delayed merge that was not tried yet is due at the wrong instant. */
async function isMisplaced(queues: Queues, wanted: WantedAlarm, clock: Clock): Promise<boolean> {
  const merge = await queues.byName[mergeActuals.queue].getJob(mergeJobId(wanted.window));
  // A merge that has failed before is waiting for its next attempt.
  if (merge === undefined || merge.attemptsMade > 0) return false;
  const firesAt = await instantOfDelayed(queues, merge);
  if (firesAt === null) return false;
  const leftMs = Math.max(0, wanted.dueMs - clock.now());
  return Math.abs(firesAt - Date.now() - leftMs) > TOLERANCE_MS;
}

/**
 * When a delayed job fires, in milliseconds since 1970 UTC by the clock of the machine: BullMQ keeps it in a sorted
 * set, as `score / 4096`. Null where the job is no longer delayed.
 */
async function instantOfDelayed(queues: Queues, job: Job): Promise<number | null> {
  const score = await queues.redis.zscore(`${queues.prefix}:${job.queueName}:delayed`, String(job.id));
  return score === null ? null : Math.floor(Number(score) / 4096);
}

async function move(queues: Queues, { window, dueMs }: WantedAlarm, clock: Clock): Promise<void> {
  const merge = await queues.byName[mergeActuals.queue].getJob(mergeJobId(window));
  await merge?.changeDelay(Math.max(0, dueMs - clock.now()));
}

async function setFlow(queues: Queues, wanted: WantedAlarm, clock: Clock): Promise<void> {
  await withAlarmLock(queues, wanted.window, async () => {
    await removeAlarm(queues, wanted.window);
    await queues.flows.add(maturityFlow(wanted, queues.prefix, clock));
  });
}

/** Queues the comparison by itself, because a parent that is added after its child has finished would wait for ever. */
async function setDrift(queues: Queues, window: MaturingWindow): Promise<void> {
  await withAlarmLock(queues, window, async () => {
    const queue = queues.byName[monitorDrift.queue];
    await (await queue.getJob(driftJobId(window)))?.remove();
    await queue.add(monitorDrift.name, window, driftOptions(window));
  });
}

/** Removes the jobs of a window. */
export async function removeAlarm(queues: Queues, window: MaturingWindow): Promise<void> {
  const queue = queues.byName[mergeActuals.queue];
  // The parent first, because it would run once its child is removed.
  await (await queue.getJob(driftJobId(window)))?.remove({ removeChildren: true });
  await (await queue.getJob(mergeJobId(window)))?.remove();
}

/** The windows with an alarm that waits for its merge. */
export async function windowsWithAlarm(queues: Queues): Promise<MaturingWindow[]> {
  const jobs = await queues.byName[monitorDrift.queue].getJobs(['waiting-children']);
  const windows = jobs
    .filter((job) => job?.name === monitorDrift.name)
    .map((job) => monitorDrift.payload.safeParse(job.data))
    .flatMap((parsed) => (parsed.success ? [parsed.data] : []));
  const isFailed = await Promise.all(
    windows.map(
      async (window) =>
        (await queues.byName[mergeActuals.queue].getJobState(mergeJobId(window))) === 'failed',
    ),
  );
  return windows.filter((_, index) => !isFailed[index]);
}

/** Another process is setting this alarm at the moment; the next comparison will find it set. */
class AlarmBusyError extends Error {}

async function withAlarmLock(
  queues: Queues,
  window: MaturingWindow,
  work: () => Promise<void>,
): Promise<void> {
  await withLock(
    queues,
    `${queues.prefix}:lock:${mergeJobId(window)}`,
    work,
    () => new AlarmBusyError(`The alarm ${mergeJobId(window)} is being set by another process.`),
  );
}
