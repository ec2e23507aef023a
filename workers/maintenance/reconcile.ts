import { reconcile } from '../../queues/maintenance.ts';
import { reconcile as reconcileHome } from '../../src/schedule/reconcile.ts';
import { processorOf } from '../processor.ts';

/** Puts schedules and alarms right that Redis lost or has wrong. */
export const reconcileProcessor = processorOf(reconcile, async (_, context) => {
  const repairs = await reconcileHome(context, { isDryRun: false });
  return { repairs };
});
