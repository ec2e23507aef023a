import type { Command } from 'commander';
import { addJob } from '../../../queues/addJob.ts';
import { retention } from '../../../queues/maintenance.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { fileTimestamp } from '../../domain/calendar/timestamps.ts';
import type { RetentionRow } from '../../retention/applyRetention.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { followJobs } from '../followJobs.ts';
import { withSession } from '../session.ts';

interface RetentionSummary {
  readonly dry_run: boolean;
  readonly deleted: number;
  readonly archived: number;
  readonly refused: number;
  readonly report: string | null;
  readonly files: readonly RetentionRow[];
}

export function addRetentionCommand(program: Command): void {
  withCommonOptions(
    program
      .command('retention')
      .description('archive or delete files whose time has passed, as the daily job does'),
  )
    .option('--dry-run', 'say what would go, and change nothing')
    .action(async (options) => {
      const { home, terminal, log } = contextOf(options);
      const config = await loadConfig(home);
      await withSession({ home, terminal, log }, config, async (session) => {
        await session.workUnlessOthersDo();
        const jobId = `${retention.name}-by-hand-${fileTimestamp(systemClock.now())}`;
        const start = (): Promise<string> =>
          addJob(session.queues, retention, { dryRun: options.dryRun ?? false }, jobId);
        const result = await followJobs(session.queues, retention.queue, [jobId], start, () => undefined);
        terminal.result(describe(result as RetentionSummary), result);
      });
    });
}

function describe({ dry_run, deleted, archived, refused, report, files }: RetentionSummary): string {
  const lines = files.map(({ action, path, why }) => `${action.padEnd(8)} ${path}: ${why}`);
  const would = dry_run ? 'Would be' : 'Were';
  return [
    ...lines,
    `${would} deleted: ${deleted}; archived: ${archived}; refused: ${refused}.`,
    ...(report === null ? [] : [`Report     ${report}`]),
  ].join('\n');
}
