import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { decideOnModel } from '../../registry/decideOnModel.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { describeDecision } from '../describeDecision.ts';
import { nameOption } from '../options.ts';

export function addRollbackCommand(program: Command): void {
  withCommonOptions(
    program
      .command('rollback')
      .description('put an earlier champion back into service')
      .argument('<model>', 'id of the earlier champion'),
  )
    .requiredOption('--by <name>', 'who decides', nameOption)
    .requiredOption('--note <text>', 'why, for the ledger')
    .option('--ticket <id>', 'the ticket that the decision belongs to')
    .action(async (modelId: string, options) => {
      const { home, terminal } = contextOf(options);
      const { governance } = await loadConfig(home);
      const outcome = await decideOnModel(
        home,
        {
          gate: 'rollback',
          modelId,
          decision: 'approve',
          approver: options.by,
          note: options.note,
          ticket: options.ticket ?? null,
        },
        { distinctApprovers: governance.distinct_approvers, nowMs: systemClock.now() },
      );
      terminal.result(describeDecision(outcome), outcome);
    });
}
