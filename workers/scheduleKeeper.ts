import { isReconcileScheduled } from '../queues/schedulers.ts';
import { reconcile } from '../src/schedule/reconcile.ts';
import type { ScheduleContext } from '../src/schedule/scheduleContext.ts';

/** How often a process looks whether Redis still knows the schedule that keeps all others right. */
const WATCH_MS = 30_000;

/** Keeps schedules and alarms of a home right while a process works for it. */
export interface ScheduleKeeper {
  /** Ends the watch, once it has put right what it is putting right. */
  close(): Promise<void>;
}

/**
 * Compares schedules and alarms with the files before work begins, and again when Redis has forgotten the schedule by
 * which that is done every few minutes: a Redis that was emptied forgot that one with all the others.
 */
export async function keepSchedule(context: ScheduleContext, watchMs = WATCH_MS): Promise<ScheduleKeeper> {
  const { queues, log } = context;
  const putRight = async (): Promise<void> => {
    // A config that cannot be used is told again by every job that needs it.
    await reconcile(context, { isDryRun: false }).catch((error) =>
      log.error({ err: error }, 'schedules and alarms could not be compared with the files'),
    );
  };
  const look = async (): Promise<void> => {
    if (await isReconcileScheduled(queues)) return;
    log.warn('Redis has forgotten its schedules; they are put right from the files');
    await putRight();
  };
  await putRight();
  let looking: Promise<void> | null = null;
  const watch = setInterval(() => {
    looking ??= look()
      .catch((error) => log.debug({ err: error }, 'the schedules could not be looked at'))
      .finally(() => {
        looking = null;
      });
  }, watchMs);
  watch.unref();
  return {
    async close() {
      clearInterval(watch);
      await looking;
    },
  };
}
