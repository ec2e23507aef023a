import type { FlowJob, Job, JobsOptions } from 'bullmq';
import type { Clock } from '../src/domain/calendar/clock.ts';
import { KEPT_JOBS } from './jobContract.ts';
import { driftJobId, type MaturingWindow, mergeActuals, mergeJobId, monitorDrift } from './maturity.ts';
import { MOVING_STATES } from './movingStates.ts';
import type { Queues } from './openQueues.ts';
import { withLock } from './withLock.ts';

/** An alarm that is further off than this from its instant is moved. It is set to the millisecond. */
const TOLERANCE_MS = 60_000;

/** How long the merge waits for orders that do not reach the end of the window yet. */
export interface DataWait {
  readonly attempts: number;
  readonly minutes: number;
}

/** The alarm that a window is to have. */
export interface WantedAlarm {
  readonly window: MaturingWindow;
  /** Milliseconds since 1970 UTC. */
  readonly dueMs: number;
  /** `maturing`: revenue is still to be merged. `merged`: only the comparison is missing. */
  readonly stage: 'maturing' | 'merged';
  readonly dataWait: DataWait;
  /** Whether the window was just scored: what failed on earlier files of it begins anew. */
  readonly isScoredAnew: boolean;
}

/** What is wrong with the alarm of a window. `misplaced`: it is set to another instant. */
export interface AlarmFault {
  readonly fault: 'missing' | 'misplaced';
  mend(): Promise<void>;
}

/**
 * Compares the alarm of a window with the jobs; null where all is right. One that failed for good stands, for a person to
 * retry, until the window is scored anew.
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
  // The job cannot be taken away while it runs; the next comparison sees what became of it.
  if (merge === 'active' || drift === 'active') return null;
  if (!isThere) return { fault: 'missing', mend: () => setFlow(queues, wanted, clock) };
  const isOff = merge === 'delayed' && (await isMisplaced(queues, wanted, clock));
  return isOff ? { fault: 'misplaced', mend: () => move(queues, wanted, clock) } : null;
}

/**
 * The comparison as the parent, the merge as its child, which is delayed to the due instant. The child has no option for
 * failure: a merge that failed for good leaves the parent waiting, and an operator who retries it lets the parent go on.
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

/** The options of a job that is due at an instant of `clock`. BullMQ counts from `timestamp`, by the machine's clock. */
function delayUntil(dueMs: number, clock: Clock): Pick<JobsOptions, 'delay' | 'timestamp'> {
  const delay = Math.max(0, dueMs - clock.now());
  return { delay, timestamp: Date.now() };
}

/** Whether a delayed merge that was not tried yet is due at another instant than it should be. */
async function isMisplaced(queues: Queues, wanted: WantedAlarm, clock: Clock): Promise<boolean> {
  const merge = await queues.byName[mergeActuals.queue].getJob(mergeJobId(wanted.window));
  // One that failed waits for its next attempt.
  if (merge === undefined || merge.attemptsMade > 0) return false;
  const firesAt = await instantOfDelayed(queues, merge);
  if (firesAt === null) return false;
  const leftMs = Math.max(0, wanted.dueMs - clock.now());
  return Math.abs(firesAt - Date.now() - leftMs) > TOLERANCE_MS;
}

/** When a delayed job fires, by the machine's clock: `score / 4096` in BullMQ's sorted set, to the millisecond. */
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

/** A parent whose child is finished would wait for it for ever, so the comparison is queued by itself. */
async function setDrift(queues: Queues, window: MaturingWindow): Promise<void> {
  await withAlarmLock(queues, window, async () => {
    const queue = queues.byName[monitorDrift.queue];
    await (await queue.getJob(driftJobId(window)))?.remove();
    await queue.add(monitorDrift.name, window, driftOptions(window));
  });
}

/** Takes the jobs of a window away. */
export async function removeAlarm(queues: Queues, window: MaturingWindow): Promise<void> {
  const queue = queues.byName[mergeActuals.queue];
  // The parent first: to take its child away would let it run.
  await (await queue.getJob(driftJobId(window)))?.remove({ removeChildren: true });
  await (await queue.getJob(mergeJobId(window)))?.remove();
}

/** The windows that have an alarm which has not gone off for good yet. */
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

/** Another process is setting this very alarm; the next comparison finds it there. */
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
