import type { Command } from 'commander';
import { isGridSearchId } from '../../artefacts/search/gridSearchProposal.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { ClvError } from '../../domain/errors.ts';
import { decideOnModel } from '../../registry/decideOnModel.ts';
import { systemClock } from '../../systemClock.ts';
import { approveSearch } from '../approveSearch.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { describeDecision } from '../describeDecision.ts';
import { nameOption, noteOption, windowOption } from '../options.ts';

export function addApproveCommand(program: Command): void {
  withCommonOptions(
    program
      .command('approve')
      .description(
        'decide on a search, so that its window is trained, or on a candidate, so that it becomes the champion',
      )
      .argument('<id>', 'id of the search or of the candidate'),
  )
    .requiredOption('--by <name>', 'who decides', nameOption)
    .requiredOption('--note <text>', 'why, for the ledger')
    .option('--ticket <id>', 'the ticket that the decision belongs to')
    .option('--window <HxP>', 'of a search: another evaluated window than the proposed one', windowOption)
    .option(
      '--override <reason>',
      'of a candidate that lost to a benchmark: why it is to serve all the same',
      noteOption,
    )
    .option('--reject', 'reject the search or the candidate; its record stays')
    .action(async (id: string, options) => {
      const context = contextOf(options);
      const { home, terminal } = context;
      const decision: 'approve' | 'reject' = options.reject ? 'reject' : 'approve';
      const signature = { approver: options.by, note: options.note, ticket: options.ticket ?? null };
      if (isGridSearchId(id)) {
        const window = options.window ?? null;
        await approveSearch({ searchId: id, decision, window, ...signature }, context);
        return;
      }
      if (options.window) {
        throw new ClvError('OPTION_MISPLACED', `--window goes with a search, and ${id} is none.`, {
          remedy: 'Leave it out: the window of a candidate was chosen when it was trained.',
        });
      }
      const { governance } = await loadConfig(home);
      const outcome = await decideOnModel(
        home,
        { gate: 'sign-off', modelId: id, decision, ...signature, override: options.override ?? null },
        { distinctApprovers: governance.distinct_approvers, nowMs: systemClock.now() },
      );
      terminal.result(describeDecision(outcome), outcome);
    });
}
