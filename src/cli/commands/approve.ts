import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { decideOnModel } from '../../registry/decideOnModel.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { describeDecision } from '../describeDecision.ts';

export function addApproveCommand(program: Command): void {
  withCommonOptions(
    program
      .command('approve')
      .description('decide on a candidate: sign it off, so that it becomes the champion, or reject it')
      .argument('<model>', 'id of the candidate'),
  )
    .requiredOption('--by <name>', 'who decides')
    .requiredOption('--note <text>', 'why, for the ledger')
    .option('--ticket <id>', 'the ticket that the decision belongs to')
    .option('--reject', 'reject the candidate; its card stays')
    .action(async (modelId: string, options) => {
      const { home, terminal } = contextOf(options);
      const { governance } = await loadConfig(home);
      const outcome = await decideOnModel(
        home,
        {
          gate: 'sign-off',
          modelId,
          decision: options.reject ? 'reject' : 'approve',
          approver: options.by,
          note: options.note,
          ticket: options.ticket ?? null,
        },
        { distinctApprovers: governance.distinct_approvers, nowMs: systemClock.now() },
      );
      terminal.result(describeDecision(outcome), outcome);
    });
}
