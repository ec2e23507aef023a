import { beginRun } from '../../queues/scoring.ts';
import { beginDueRun } from '../../src/schedule/beginDueRun.ts';
import { processorOf } from '../processor.ts';

/**
 * Begins the run of a slot of the calendar. A job without a slot is an operator's "run now": it begins a run although no
 * slot has come.
 */
export const beginRunProcessor = processorOf(beginRun, async (_, context) => {
  const { job, clock, waitUntil } = context;
  // Promoted by hand, or a clock that was put back: a slot is not run before its instant.
  if (job.slotMs !== null && clock.now() < job.slotMs) return waitUntil(job.slotMs);
  const begun = await beginDueRun(
    context,
    job.slotMs === null ? { askedBy: job.id } : { slotMs: job.slotMs },
  );
  return begun ?? { begun: null, reason: 'what had come was dealt with already' };
});
