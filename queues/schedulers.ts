import type { JobSchedulerJson, Queue } from 'bullmq';
import type { Calendar } from '../src/domain/calendar/cadence.ts';
import type { Recurrence } from '../src/domain/calendar/recurrence.ts';
import { type JobContract, KEPT_JOBS, QUEUE_NAMES } from './jobContract.ts';
import { reconcile, retention, reviewReminder } from './maintenance.ts';
import { isMoving } from './movingStates.ts';
import type { Queues } from './openQueues.ts';
import { patternOf, repeatStrategy } from './repeatStrategy.ts';
import { beginRun } from './scoring.ts';

/** How often schedules and alarms are compared with the files. */
const RECONCILE_MINUTES = 15;
/** Retention comes before runs begin, so that these find room on the disk. */
const RETENTION_HOUR = 4;
/** Reminders come when people begin to read their mail. */
const REMINDER_HOUR = 8;

/** A job that is to recur. */
export interface WantedScheduler {
  readonly id: string;
  readonly contract: JobContract;
  readonly data: object;
  readonly recurrence: Recurrence;
}

/** Every job scheduler that should exist. @param calendar null for no runs by the calendar. */
export function wantedSchedulers(calendar: Calendar | null, timezone: string): WantedScheduler[] {
  const wanted = (contract: JobContract, recurrence: Recurrence, data = {}): WantedScheduler => ({
    id: contract.name,
    contract,
    data,
    recurrence,
  });
  return [
    ...(calendar === null ? [] : [wanted(beginRun, { kind: 'calendar', calendar })]),
    wanted(reconcile, { kind: 'minutes', minutes: RECONCILE_MINUTES }),
    wanted(retention, { kind: 'daily', timezone, hour: RETENTION_HOUR }, { dryRun: false }),
    wanted(reviewReminder, { kind: 'daily', timezone, hour: REMINDER_HOUR }),
  ];
}

/** What is wrong with a job scheduler. `stray`: it should not exist. `broken`: its next job is gone, or lies too far ahead. */
export interface SchedulerFault {
  readonly fault: 'missing' | 'changed' | 'broken' | 'stray';
  readonly queue: string;
  readonly id: string;
  mend(): Promise<void>;
}

/**
 * Compares the job schedulers of all queues with the wanted ones. A correct one is left alone, because setting it again
 * would delete a job of it that is due and not done yet.
 */
export async function schedulerFaults(
  queues: Queues,
  wanted: readonly WantedScheduler[],
): Promise<SchedulerFault[]> {
  const faults: SchedulerFault[] = [];
  for (const name of QUEUE_NAMES) {
    const queue = queues.byName[name];
    const own = wanted.filter((it) => it.contract.queue === name);
    for (const it of own) {
      const fault = await faultOf(queue, it);
      if (fault !== null) faults.push({ fault, queue: name, id: it.id, mend: () => setScheduler(queue, it) });
    }
    for (const { key } of await queue.getJobSchedulers()) {
      if (own.some((it) => it.id === key)) continue;
      const mend = async () => void (await queue.removeJobScheduler(key));
      faults.push({ fault: 'stray', queue: name, id: key, mend });
    }
  }
  return faults;
}

/** Whether the scheduler of `reconcile`, which corrects everything else, exists and has its next job. */
export async function isReconcileScheduled(queues: Queues): Promise<boolean> {
  const queue = queues.byName[reconcile.queue];
  const found = await queue.getJobScheduler(reconcile.name);
  if (found === undefined || (await isTooLate(found))) return false;
  return hasUnfinishedJob(queue, reconcile.name, found.next);
}

async function faultOf(
  queue: Queue,
  { id, contract, data, recurrence }: WantedScheduler,
): Promise<SchedulerFault['fault'] | null> {
  const found = await queue.getJobScheduler(id);
  if (found === undefined) return 'missing';
  const isSame =
    found.pattern === patternOf(recurrence) &&
    found.name === contract.name &&
    JSON.stringify(found.template?.data ?? {}) === JSON.stringify(data);
  if (!isSame) return 'changed';
  if (await isTooLate(found)) return 'broken';
  if (await hasUnfinishedJob(queue, id, found.next)) return null;
  // If its job began between the two queries, the scheduler has a new next job by now.
  const again = await queue.getJobScheduler(id);
  if (again !== undefined && again.next !== found.next) return null;
  return 'broken';
}

/** Whether its next job lies further ahead than the pattern says: it was set while the clock of a machine was ahead. */
async function isTooLate({ name, next, pattern }: JobSchedulerJson): Promise<boolean> {
  const due = await repeatStrategy(Date.now(), { pattern }, name);
  return next !== undefined && due !== undefined && next > due;
}

async function hasUnfinishedJob(queue: Queue, id: string, next: number | undefined): Promise<boolean> {
  return isMoving(await queue.getJobState(jobIdOf(id, next ?? 0)));
}

async function setScheduler(queue: Queue, wanted: WantedScheduler): Promise<void> {
  const { id, contract, data, recurrence } = wanted;
  const pattern = patternOf(recurrence);
  // A job that was promoted before its time has finished under the id that the job at that time would need now.
  const next = (await repeatStrategy(Date.now(), { pattern }, contract.name)) ?? 0;
  const inTheWay = await queue.getJob(jobIdOf(id, next));
  if (inTheWay !== undefined && !(await hasUnfinishedJob(queue, id, next))) {
    // BullMQ does not let the next job of a scheduler be removed while the scheduler exists.
    await queue.removeJobScheduler(id);
    await inTheWay.remove();
  }
  await queue.upsertJobScheduler(
    id,
    { pattern },
    { name: contract.name, data, opts: { ...contract.retry, ...KEPT_JOBS } },
  );
}

/** The id that BullMQ gives to the job of a scheduler at an instant. */
function jobIdOf(schedulerId: string, instantMs: number): string {
  return `repeat:${schedulerId}:${instantMs}`;
}
