import { bumpCutoff, type ScoreRun, scoringJobId } from '../../queues/scoring.ts';
import { RunBusyError, startScoreRun } from '../../queues/startScoreRun.ts';
import { withLock } from '../../queues/withLock.ts';
import { runHour } from '../config/calendarSettings.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { ModelConfig } from '../config/schema.ts';
import { startOfRun } from '../domain/calendar/runStart.ts';
import { decideSlots, openSlots, type SlotDecision } from '../domain/calendar/slotHistory.ts';
import { isComplete, nextRun, reportedAt } from './nextRun.ts';
import type { ScheduleContext } from './scheduleContext.ts';
import { type Beginning, readSlotLedger, recordAsked, recordSlot, type SlotLedger } from './slotLedger.ts';

/** Another process holds the lock of the calendar. */
export class CalendarBusyError extends Error {}

/** The reason for looking at the calendar. */
export interface Occasion {
  /** The slot that has come, in milliseconds since 1970 UTC. It counts even if the ledger of slots was lost. */
  readonly slotMs?: number;
  /** The id of the job by which a person asks for a run although no slot has come. */
  readonly askedBy?: string;
}

/** The run that was begun. */
export interface BegunRun {
  /** ISO 8601 in UTC; null for a run that a person asked for. */
  readonly slot: string | null;
  readonly cutoff: string;
  readonly model_id: string;
  /** The id of the job that completes when the run is complete. */
  readonly job: string;
  /** Slots that got no run of their own. */
  readonly missed: readonly string[];
}

/**
 * Begins the run of the slots that have come and have no outcome yet, as `schedule.catch_up` says; null where there is
 * nothing to begin. Every slot is dealt with once, however often and by whomever this is called: its outcome is written
 * to the ledger of slots before the run is queued, and a run that is in the ledger, but neither in the queue nor
 * complete, is queued again. Throws CalendarBusyError, and what `nextRun` throws; then the slots stay open.
 */
export async function beginDueRun(
  context: ScheduleContext,
  occasion: Occasion = {},
): Promise<BegunRun | null> {
  return withCalendarLock(context, async () => {
    const config = await loadConfig(context.home);
    const ledger = await readSlotLedger(context.home);
    await queueLostRun(context, config, ledger);
    const decision = decide(context, config, ledger, occasion);
    const askedBy = ledger.asked.has(occasion.askedBy ?? '') ? undefined : occasion.askedBy;
    if (decision.run === null && askedBy === undefined) {
      await recordAside(context, decision);
      return null;
    }
    const run = await nextRun(context.home, config, context.clock.now());
    const beginning = { run, earlierReport: await reportedAt(context.home, run) };
    await recordAside(context, decision);
    if (decision.run !== null) await record(context, decision.run, 'run', { ...beginning, askedBy });
    else if (askedBy !== undefined) {
      await recordAsked(context.home, { ...beginning, askedBy }, context.clock.now());
    }
    return begun(await queueRun(context, config, run), run, decision);
  });
}

/** Runs `work` while nobody else looks at the calendar of the home. Throws CalendarBusyError. */
export function withCalendarLock<T>({ queues }: ScheduleContext, work: () => Promise<T>): Promise<T> {
  return withLock(
    queues,
    `${queues.prefix}:lock:calendar`,
    work,
    () => new CalendarBusyError('Another process is looking at the calendar.'),
  );
}

/** The open slots that would be dealt with now, in milliseconds since 1970 UTC. */
export function slotsToSettle(
  { clock }: Pick<ScheduleContext, 'clock'>,
  config: ModelConfig,
  ledger: SlotLedger,
): number[] {
  const { run, covered, skipped } = decide({ clock }, config, ledger, {});
  return [...covered, ...skipped, ...(run === null ? [] : [run])];
}

function decide(
  { clock }: Pick<ScheduleContext, 'clock'>,
  config: ModelConfig,
  ledger: SlotLedger,
  { slotMs }: Occasion,
): SlotDecision {
  const nowMs = clock.now();
  const open = new Set(openSlots(ledger, nowMs));
  if (slotMs !== undefined && slotMs <= nowMs && !ledger.outcomes.has(slotMs)) open.add(slotMs);
  return decideSlots(
    [...open].sort((a, b) => a - b),
    {
      nowMs,
      policy: config.schedule.catch_up,
      isEarlierRunOpen: ledger.last !== null && ledger.last.run.cutoff === config.run.last_score_cutoff,
    },
  );
}

/**
 * The run that was begun last, if Redis lost it before it was complete; else null. The report that its window had
 * before it began does not make it complete.
 */
export async function lostRun(
  { home, queues }: Pick<ScheduleContext, 'home' | 'queues'>,
  config: ModelConfig,
  { last }: SlotLedger,
): Promise<ScoreRun | null> {
  if (last === null || last.run.cutoff !== config.run.last_score_cutoff) return null;
  if (await queues.byName.scoring.getJob(scoringJobId(bumpCutoff.name, last.run))) return null;
  const report = await reportedAt(home, last.run);
  return report === null || report === last.earlierReport ? last.run : null;
}

async function queueLostRun(
  context: ScheduleContext,
  config: ModelConfig,
  ledger: SlotLedger,
): Promise<void> {
  const lost = await lostRun(context, config, ledger);
  if (lost === null) return;
  context.log.warn(factsOf(lost), 'a run that had begun is queued again');
  await queueRun(context, config, lost);
}

/** What a line of the log says of a run that is queued; the job that queues it may be of another cutoff. */
function factsOf({ cutoff, modelId }: ScoreRun): object {
  return { queued: { cutoff, modelId } };
}

/** Queues a run, which waits if its cutoff lies in the future; returns the id of its last job. */
async function queueRun(context: ScheduleContext, config: ModelConfig, run: ScoreRun): Promise<string> {
  const { home, queues, clock, log } = context;
  const facts = factsOf(run);
  if (await isComplete(home, run)) {
    log.warn(facts, 'run.last_score_cutoff names a cutoff that was scored before; it is scored again');
  }
  const startsAt = startOfRun(run.cutoff, clock.now(), runHour(config));
  if (startsAt !== null) {
    log.info(
      { ...facts, startsAt: new Date(startsAt).toISOString() },
      'the cutoff lies ahead; its run waits',
    );
  }
  try {
    return await startScoreRun(queues, run, startsAt === null ? 0 : startsAt - clock.now());
  } catch (error) {
    if (!(error instanceof RunBusyError)) throw error;
    log.warn({ ...facts, job: error.jobId }, 'that cutoff is being scored, or waits to be, already');
    return error.jobId;
  }
}

/** Logs missed slots, and records which slots get no run of their own. */
async function recordAside(context: ScheduleContext, decision: SlotDecision): Promise<void> {
  const { run, covered, skipped, missed } = decision;
  const isSettling = run !== null || covered.length + skipped.length > 0;
  if (missed.length > 0 && isSettling) {
    context.log.warn(
      {
        missed: missed.map(asText),
        run: run === null ? null : asText(run),
        waiting: decision.waiting.length,
      },
      `slots of the calendar were missed: ${missed.map(asText).join(', ')}`,
    );
  }
  for (const slotMs of covered) await record(context, slotMs, 'covered');
  for (const slotMs of skipped) await record(context, slotMs, 'skipped');
}

function record(
  { home, clock }: ScheduleContext,
  slotMs: number,
  outcome: 'run' | 'covered' | 'skipped',
  beginning?: Beginning,
): Promise<void> {
  return recordSlot(home, slotMs, outcome, clock.now(), beginning);
}

function begun(job: string, run: ScoreRun, decision: SlotDecision): BegunRun {
  return {
    slot: decision.run === null ? null : asText(decision.run),
    cutoff: run.cutoff,
    model_id: run.modelId,
    job,
    missed: [...decision.covered, ...decision.skipped].map(asText),
  };
}

function asText(instantMs: number): string {
  return new Date(instantMs).toISOString();
}
