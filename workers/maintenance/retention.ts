import { retention } from '../../queues/maintenance.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { applyRetention } from '../../src/retention/applyRetention.ts';
import { processorOf } from '../processor.ts';

/** Archives or deletes files whose time has passed; a dry run tells what would go. */
export const retentionProcessor = processorOf(retention, async ({ dryRun }, { home, clock, log }) => {
  const { retention: kept, general } = await loadConfig(home);
  const { rows, report } = await applyRetention(home, {
    rules: {
      binaries: kept.model_binaries_months,
      predictions: kept.predictions_months,
      monitoring: kept.monitoring_months,
      rejects: kept.rejects_months,
    },
    timezone: general.timezone,
    nowMs: clock.now(),
    isDryRun: dryRun,
  });
  const count = (action: string): number => rows.filter((row) => row.action === action).length;
  const summary = { deleted: count('delete'), archived: count('archive'), refused: count('refuse') };
  if (!dryRun && rows.length > 0) log.info({ ...summary, report }, 'retention');
  return { dry_run: dryRun, ...summary, report, files: rows };
});
