import { HomeCopiedError, HomeIdTakenError } from '../queues/homeClaim.ts';
import { isReconcileScheduled } from '../queues/schedulers.ts';
import { claimHome } from '../src/schedule/claimHome.ts';
import { reconcile } from '../src/schedule/reconcile.ts';
import type { ScheduleContext } from '../src/schedule/scheduleContext.ts';

/** How often a process looks whether Redis still knows the schedule that keeps all others right. */
const WATCH_MS = 30_000;

/** How a process keeps the schedule of a home. */
export interface KeeperOptions {
  readonly watchMs?: number;
  /**
   * Whether the claim of the home's id is renewed with each look; for a Redis that several homes may share.
   */
  readonly guardsHomeId?: boolean;
  /** Told when other files have taken the id, and when it belongs to these again. */
  readonly onClaim?: (isOurs: boolean) => void;
}

/** Keeps schedules and alarms of a home right while a process works for it. */
export interface ScheduleKeeper {
  /** Ends the watch, once it has put right what it is putting right. */
  close(): Promise<void>;
}

/**
 * Compares schedules and alarms with the files before work begins, and again when Redis has forgotten the schedule by
 * which that is done every few minutes: a Redis that was emptied forgot that one with all the others, and whose the id of
 * the home is. Where another home took the id meanwhile, its schedules are left alone.
 */
export async function keepSchedule(
  context: ScheduleContext,
  { watchMs = WATCH_MS, guardsHomeId = false, onClaim = () => undefined }: KeeperOptions = {},
): Promise<ScheduleKeeper> {
  const { home, queues, log } = context;
  let isOurs = true;
  const renewClaim = async (): Promise<void> => {
    try {
      await claimHome(queues.redis, home);
    } catch (error) {
      if (!(error instanceof HomeIdTakenError || error instanceof HomeCopiedError)) throw error;
      if (isOurs) {
        log.error({ err: error }, `${error.toSentences()}\nNo more jobs are begun here until then.`);
        onClaim(false);
      }
      isOurs = false;
      return;
    }
    if (!isOurs) {
      log.warn({ homeId: home.id }, 'the id belongs to this home again');
      onClaim(true);
    }
    isOurs = true;
  };
  const putRight = async (): Promise<void> => {
    // A config that cannot be used is told again by every job that needs it.
    await reconcile(context, { isDryRun: false }).catch((error) =>
      log.error({ err: error }, 'schedules and alarms could not be compared with the files'),
    );
  };
  const look = async (): Promise<void> => {
    if (guardsHomeId) await renewClaim();
    if (!isOurs || (await isReconcileScheduled(queues))) return;
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
