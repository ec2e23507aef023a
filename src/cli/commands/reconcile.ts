import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { type Repair, reconcile } from '../../schedule/reconcile.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { withSession } from '../session.ts';

export function addReconcileCommand(program: Command): void {
  withCommonOptions(
    program
      .command('reconcile')
      .description('compare schedules and alarms in Redis with the files, and put right what differs'),
  )
    .option('--dry-run', 'tell what differs and change nothing')
    .action(async (options) => {
      const { home, terminal, log } = contextOf(options);
      const isDryRun = options.dryRun === true;
      await withSession({ home, terminal, log }, await loadConfig(home), async ({ queues }) => {
        const repairs = await reconcile({ home, queues, clock: systemClock, log }, { isDryRun });
        terminal.result(describe(repairs, isDryRun), { dry_run: isDryRun, repairs });
        if (repairs.some((repair) => repair.failure !== null)) process.exitCode = 1;
      });
    });
}

function describe(repairs: readonly Repair[], isDryRun: boolean): string {
  if (repairs.length === 0) return 'Redis and the files agree; nothing was changed.';
  return [
    ...(isDryRun ? ['This is a dry run, and nothing is changed. What would be done, and told:'] : []),
    ...repairs.map(
      ({ says, failure }) =>
        `${failure === null ? '-' : '✗'} ${says}${failure === null ? '' : `\n  ${failure}`}`,
    ),
  ].join('\n');
}
