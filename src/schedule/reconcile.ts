import { schedulerFaults, wantedSchedulers } from '../../queues/schedulers.ts';
import { beginRun } from '../../queues/scoring.ts';
import { calendarOf } from '../config/calendarSettings.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { ModelConfig } from '../config/schema.ts';
import { openSlots } from '../domain/calendar/slotHistory.ts';
import { ClvError } from '../domain/errors.ts';
import { alarmDifferences } from './alarms.ts';
import { beginDueRun, lostRun, slotsToSettle, withCalendarLock } from './beginDueRun.ts';
import type { Difference } from './difference.ts';
import { runAheadDifferences } from './runsAhead.ts';
import type { ScheduleContext } from './scheduleContext.ts';
import { readSlotLedger, recordCalendar, recordSlot } from './slotLedger.ts';
import { unsentAlertDifferences } from './unsentAlerts.ts';

/** One thing that reconciling did, or would do. */
export interface Repair {
  readonly kind: string;
  readonly says: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Why it could not be done; null where it was done, or not tried. */
  readonly failure: string | null;
}

/**
 * Compares what Redis knows with the config and the files, and corrects what differs: the calendar that is followed,
 * job schedulers, slots without an outcome, runs that were lost, alarms of prediction windows, alerts that were not
 * sent, runs that people asked for ahead of their day. What cannot be compared because a file is damaged, and a repair that
 * fails, are among the repairs with the reason; the others are made all the same.
 *
 * @param options.isDryRun tells what differs and changes nothing.
 * @throws ConfigMissingError, ConfigInvalidError, RedisAwayError
 */
export async function reconcile(
  context: ScheduleContext,
  options: { readonly isDryRun: boolean },
): Promise<Repair[]> {
  const repairs: Repair[] = [];
  // One after another, because a repair may need what an earlier one has corrected.
  for (const [what, find] of FINDERS) {
    const config = await loadConfig(context.home);
    const differences = await find(context, config).catch((error) => [notCompared(what, error)]);
    for (const difference of differences) repairs.push(await mend(context, difference, options.isDryRun));
  }
  return repairs;
}

type Finder = (context: ScheduleContext, config: ModelConfig) => Promise<Difference[]>;

const FINDERS: readonly (readonly [what: string, find: Finder])[] = [
  ['The calendar that is followed', calendarDifference],
  ['The schedules', schedulerDifferences],
  ['The slots of the calendar', runDifferences],
  ['The alarms of prediction windows', alarmDifferences],
  ['The alerts that are to be sent', unsentAlertDifferences],
  ['The runs that were asked for ahead of their day', runAheadDifferences],
];

/** A file that cannot be used says nothing of Redis, and keeps nobody from comparing the rest. Throws any other error. */
function notCompared(what: string, error: unknown): Difference {
  if (!(error instanceof ClvError)) throw error;
  return {
    kind: 'not-compared',
    says: `${what} could not be compared with the files.`,
    values: {},
    mend: () => Promise.reject(error),
  };
}

async function mend(
  { log }: ScheduleContext,
  { kind, says, values, mend }: Difference,
  isDryRun: boolean,
): Promise<Repair> {
  if (isDryRun) return { kind, says, values, failure: null };
  try {
    await mend();
    log.warn({ repair: kind, ...values }, says);
    return { kind, says, values, failure: null };
  } catch (error) {
    log.error({ repair: kind, ...values, err: error }, `${says} It could not be done.`);
    return { kind, says, values, failure: sentenceOf(error) };
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof ClvError) return error.toSentences();
  return error instanceof Error ? error.message : String(error);
}

/**
 * If the calendar was changed in the config, the new one is followed from now on; open slots of the old one stay open.
 */
async function calendarDifference(context: ScheduleContext, config: ModelConfig): Promise<Difference[]> {
  const { home, clock } = context;
  const wanted = calendarOf(config);
  const isFollowed = async () => {
    const { followed } = await readSlotLedger(home);
    return JSON.stringify(followed?.calendar ?? null) === JSON.stringify(wanted);
  };
  if (await isFollowed()) return [];
  return [
    {
      kind: 'calendar-changed',
      says:
        wanted === null
          ? 'No launch date is set any more; no run begins by the calendar from now on.'
          : `The calendar of launch ${wanted.launchDate}, ${String(wanted.hour).padStart(2, '0')}:00 ${wanted.timezone}, is followed from now on.`,
      values: { calendar: wanted },
      mend: () =>
        withCalendarLock(context, async () => {
          if (await isFollowed()) return;
          const nowMs = clock.now();
          for (const slotMs of openSlots(await readSlotLedger(home), nowMs)) {
            await recordSlot(home, slotMs, 'open', nowMs);
          }
          await recordCalendar(home, wanted, nowMs);
        }),
    },
  ];
}

async function schedulerDifferences({ queues }: ScheduleContext, config: ModelConfig): Promise<Difference[]> {
  const wanted = wantedSchedulers(calendarOf(config), config.general.timezone);
  const words = {
    missing: 'was missing and is set',
    changed: 'was another one and is changed',
    broken: 'had lost its next job, or set it too late, and is set anew',
    stray: 'is wanted by nobody and is removed',
  };
  return (await schedulerFaults(queues, wanted)).map(({ fault, queue, id, mend }) => ({
    kind: `schedule-${fault}`,
    says: `The schedule ${id} on the queue ${queue} ${words[fault]}.`,
    values: { schedule: id, queue },
    mend,
  }));
}

async function runDifferences(context: ScheduleContext, config: ModelConfig): Promise<Difference[]> {
  const ledger = await readSlotLedger(context.home);
  const lost = await lostRun(context, config, ledger);
  const slots = (await hasJobForSlot(context))
    ? []
    : slotsToSettle(context, config, ledger)
        .filter((slotMs) => context.clock.now() - slotMs > SLOT_PATIENCE_MS)
        .map((slotMs) => new Date(slotMs).toISOString());
  if (lost === null && slots.length === 0) return [];
  return [
    {
      kind: lost === null ? 'slots-open' : 'run-lost',
      says:
        lost === null
          ? `Slots have come that nothing became of: ${slots.join(', ')}; schedule.catch_up (${config.schedule.catch_up}) is followed.`
          : `The run of cutoff ${lost.cutoff} had begun and is gone from the queue; it is queued again.`,
      values: { slots, cutoff: lost?.cutoff ?? null },
      mend: async () => void (await beginDueRun(context)),
    },
  ];
}

/** A slot that has come less than this long ago is left to the job that fires for it. */
const SLOT_PATIENCE_MS = 60_000;

async function hasJobForSlot({ queues }: ScheduleContext): Promise<boolean> {
  const jobs = await queues.byName[beginRun.queue].getJobs(['active', 'waiting', 'prioritized']);
  return jobs.some((job) => job?.name === beginRun.name);
}
