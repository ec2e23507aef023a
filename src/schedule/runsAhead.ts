import { z } from 'zod';
import { cancelScoreRun } from '../../queues/cancelScoreRun.ts';
import { bumpCutoff, type ScoreRun, scoreRunSchema, scoringJobId } from '../../queues/scoring.ts';
import { startScoreRun } from '../../queues/startScoreRun.ts';
import { runHour } from '../config/calendarSettings.ts';
import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import { addDays, dateInZone } from '../domain/calendar/dates.ts';
import { startOfRun } from '../domain/calendar/runStart.ts';
import { isSameWindow } from '../domain/drift/driftResult.ts';
import { counted } from '../domain/words/counted.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import { appendJsonLine, readJsonLines } from '../registry/jsonLines.ts';
import type { Difference } from './difference.ts';
import { isComplete } from './nextRun.ts';
import type { ScheduleContext } from './scheduleContext.ts';

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
 * @throws RunBusyError, RegistryBusyError, FileWriteError: then nothing is queued.
 */
export async function queueRunAhead(means: Means, run: ScoreRun, startsAtMs: number): Promise<string> {
  const { home, queues, clock } = means;
  return withRegistryLock(home, async () => {
    const jobId = await startScoreRun(queues, run, startsAtMs - clock.now());
    try {
      await record(means, 'wanted', run);
    } catch (error) {
      await cancelScoreRun(queues, run);
      throw error;
    }
    return jobId;
  });
}

/**
 * Takes a run that has not begun out of the queue, with all its steps, for good.
 *
 * @throws RunNotWaitingError, RunBusyError, RegistryBusyError, FileWriteError: then it stays.
 */
export async function takeRunBack(means: Means, run: ScoreRun): Promise<void> {
  const { home, queues } = means;
  await withRegistryLock(home, async () => {
    const wanted = (await runsAhead(home)).find((it) => isSameWindow(it, run));
    if (wanted === undefined) return cancelScoreRun(queues, run);
    // Before it leaves the queue: otherwise the next reconcile would bring back what could not be recorded.
    await record(means, 'taken-back', wanted);
    try {
      await cancelScoreRun(queues, run);
    } catch (error) {
      await record(means, 'wanted', wanted);
      throw error;
    }
  });
}

/** The runs that were asked for ahead of their day, and that are neither complete nor in the queue. */
export async function runAheadDifferences(means: Means, config: ModelConfig): Promise<Difference[]> {
  const { home, queues, clock } = means;
  const oldest = addDays(dateInZone(clock.now(), config.general.timezone), -NEWS_DAYS);
  const isLost = async (run: ScoreRun) =>
    (await queues.byName[bumpCutoff.queue].getJobState(scoringJobId(bumpCutoff.name, run))) === 'unknown' &&
    !(await isComplete(home, run));
  const differences: Difference[] = [];
  for (const run of await runsAhead(home)) {
    if (run.cutoff < oldest || !(await isLost(run))) continue;
    const { cutoff, predMonths } = run;
    differences.push({
      kind: 'run-ahead-lost',
      says: `The run of cutoff ${cutoff}, ${counted(predMonths, 'month')}, that was asked for ahead of its day is gone from the queue; it is queued again.`,
      values: { cutoff, predMonths, modelId: run.modelId },
      mend: () =>
        withRegistryLock(home, async () => {
          const isWanted = (await runsAhead(home)).some((it) => isSameWindow(it, run));
          if (!isWanted || !(await isLost(run))) return;
          const startsAtMs = startOfRun(cutoff, clock.now(), runHour(config));
          await startScoreRun(queues, run, startsAtMs === null ? 0 : startsAtMs - clock.now());
        }),
    });
  }
  return differences;
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
