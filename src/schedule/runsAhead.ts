import { z } from 'zod';
import { cancelScoreRun, RunNotWaitingError } from '../../queues/cancelScoreRun.ts';
import type { MaturingWindow } from '../../queues/maturity.ts';
import {
  bumpCutoff,
  type ScoreRun,
  scoreCustomers,
  scoreRunSchema,
  scoringJobId,
} from '../../queues/scoring.ts';
import { RunBusyError, startScoreRun } from '../../queues/startScoreRun.ts';
import { runHour } from '../config/calendarSettings.ts';
import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import { addDays, dateInZone } from '../domain/calendar/dates.ts';
import { startOfRun } from '../domain/calendar/runStart.ts';
import { isSameWindow } from '../domain/drift/driftResult.ts';
import { counted } from '../domain/words/counted.ts';
import { withScheduleLock } from '../locks/homeLocks.ts';
import { appendJsonLine, RecordsDamagedError, readJsonLines } from '../registry/jsonLines.ts';
import type { Difference } from './difference.ts';
import { isComplete } from './nextRun.ts';
import type { ScheduleContext } from './scheduleContext.ts';
import { readSlotLedger } from './slotLedger.ts';

type Means = Pick<ScheduleContext, 'home' | 'queues' | 'clock'>;

const lineSchema = z.strictObject({
  at: z.iso.datetime(),
  state: z.enum(['wanted', 'taken-back']),
  run: scoreRunSchema,
});

/**
 * A run whose day passed longer ago than this is not queued again: nobody waits for it any more, and its report may have
 * been archived.
 */
const NEWS_DAYS = 30;

/** `outputs/schedule/runs_ahead.jsonl`: the runs that people asked for ahead of their day, so that Redis may lose them. */
export function runsAheadPath(home: Home): string {
  return `${home.outputs}/schedule/runs_ahead.jsonl`;
}

/**
 * Queues a run that waits for its day, and records it; returns the id of its last step.
 *
 * @param startsAtMs since 1970 UTC.
 * @throws RunBusyError, RegistryBusyError, FileWriteError: then this request queues nothing.
 */
export async function queueRunAhead(means: Means, run: ScoreRun, startsAtMs: number): Promise<string> {
  const { home, queues, clock } = means;
  return withScheduleLock(home, async () => {
    const jobId = await startScoreRun(queues, run, startsAtMs - clock.now()).catch(async (error) => {
      // What the caller is to know is that the run is busy, whatever keeps it from being recorded.
      if (error instanceof RunBusyError) await recordWaiting(means, run).catch(() => undefined);
      throw error;
    });
    try {
      await record(means, 'wanted', run);
    } catch (error) {
      await cancelScoreRun(queues, run).catch(() => undefined);
      throw error;
    }
    return jobId;
  });
}

/**
 * Records the run that waits in the queue, if an earlier request died, or lost Redis, before it could. That of the
 * calendar is recorded in the ledger of slots.
 */
async function recordWaiting(means: Means, window: MaturingWindow): Promise<void> {
  const { home, queues } = means;
  const { last } = await readSlotLedger(home);
  if (last !== null && isSameWindow(last.run, window)) return;
  if ((await runsAhead(home)).some((it) => isSameWindow(it, window))) return;
  const first = await queues.byName[scoreCustomers.queue].getJob(scoringJobId(scoreCustomers.name, window));
  const waiting = scoreRunSchema.safeParse(first?.data);
  if (waiting.success && (await first?.isDelayed())) await record(means, 'wanted', waiting.data);
}

/**
 * Takes a run that has not begun, or that failed for good, out of the queue, with all its steps. One that was asked for ahead
 * of its day is no longer wanted, also where Redis has lost it. Gives why it failed; null where it did not.
 *
 * @throws RunNotWaitingError, RunBusyError, RegistryBusyError, FileWriteError: then it stays.
 */
export async function takeRunBack(means: Means, run: ScoreRun): Promise<string | null> {
  const { home, queues } = means;
  return withScheduleLock(home, async () => {
    const ahead = await runsAhead(home).catch((error) => {
      if (error instanceof RecordsDamagedError) return null;
      throw error;
    });
    if (ahead === null) {
      // No reconcile can read the file either and bring the run back before the line is there.
      const failure = await cancelScoreRun(queues, run);
      await record(means, 'taken-back', run);
      return failure;
    }
    const wanted = ahead.find((it) => isSameWindow(it, run));
    if (wanted === undefined) return cancelScoreRun(queues, run);
    // Before it leaves the queue: otherwise the next reconcile would bring back what could not be recorded.
    await record(means, 'taken-back', wanted);
    if (await isLost(means, wanted)) return null;
    try {
      return await cancelScoreRun(queues, run);
    } catch (error) {
      // These say that it stays. After any other error it may be gone, and must not come back.
      const stays = error instanceof RunNotWaitingError || error instanceof RunBusyError;
      if (stays) await record(means, 'wanted', wanted);
      throw error;
    }
  });
}

/**
 * The run ahead that Redis has lost and that no reconcile has queued again yet, by the id of its last step; undefined
 * where there is none. Throws RecordsDamagedError.
 */
export async function lostRunAhead(means: Means, jobId: string): Promise<ScoreRun | undefined> {
  const run = (await runsAhead(means.home)).find((it) => scoringJobId(bumpCutoff.name, it) === jobId);
  return run !== undefined && (await isLost(means, run)) ? run : undefined;
}

/** The runs that were asked for ahead of their day, and that are neither complete nor in the queue. */
export async function runAheadDifferences(means: Means, config: ModelConfig): Promise<Difference[]> {
  const { home, queues, clock } = means;
  const oldest = addDays(dateInZone(clock.now(), config.general.timezone), -NEWS_DAYS);
  const differences: Difference[] = [];
  for (const run of await runsAhead(home)) {
    if (run.cutoff < oldest || !(await isLost(means, run))) continue;
    const { cutoff, predMonths } = run;
    differences.push({
      kind: 'run-ahead-lost',
      says: `The run of cutoff ${cutoff}, ${counted(predMonths, 'month')}, that was asked for ahead of its day is gone from the queue; it is queued again.`,
      values: { cutoff, predMonths, modelId: run.modelId },
      mend: () =>
        withScheduleLock(home, async () => {
          const isWanted = (await runsAhead(home)).some((it) => isSameWindow(it, run));
          if (!isWanted || !(await isLost(means, run))) return;
          const startsAtMs = startOfRun(cutoff, clock.now(), runHour(config));
          await startScoreRun(queues, run, startsAtMs === null ? 0 : startsAtMs - clock.now());
        }),
    });
  }
  return differences;
}

async function isLost({ home, queues }: Means, run: ScoreRun): Promise<boolean> {
  const state = await queues.byName[bumpCutoff.queue].getJobState(scoringJobId(bumpCutoff.name, run));
  return state === 'unknown' && !(await isComplete(home, run));
}

/** What was asked for last for each window and not taken back, whatever became of it. Throws RecordsDamagedError. */
async function runsAhead(home: Home): Promise<ScoreRun[]> {
  const wanted = new Map<string, ScoreRun>();
  for (const { state, run } of await readJsonLines(runsAheadPath(home), lineSchema)) {
    const id = scoringJobId(bumpCutoff.name, run);
    if (state === 'wanted') wanted.set(id, run);
    else wanted.delete(id);
  }
  return [...wanted.values()];
}

function record({ home, clock }: Means, state: 'wanted' | 'taken-back', run: ScoreRun): Promise<void> {
  return appendJsonLine(runsAheadPath(home), { at: new Date(clock.now()).toISOString(), state, run });
}
