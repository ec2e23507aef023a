import type { Command } from 'commander';
import type { TrainingRequest } from '../../../queues/modelBuild.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { ClvError } from '../../domain/errors.ts';
import { completeSignature, demandMayTrainAndSign } from '../../domain/governance/signature.ts';
import { readRegistry } from '../../registry/registryState.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import {
  dateOption,
  historyMonthsOption,
  nameOption,
  noteOption,
  pathOption,
  predMonthsOption,
} from '../options.ts';
import { runNewTraining } from '../runTraining.ts';
import { withSession } from '../session.ts';
import { describeTraining } from '../summaries.ts';

export function addTrainCommand(program: Command): void {
  withCommonOptions(program.command('train').description('train a candidate and measure it out of time'))
    .option(
      '--cutoff <date>',
      'train at this cutoff; default the latest whose labels are complete',
      dateOption,
    )
    .option('--history-months <n>', 'months of history; default modeling.history_months', historyMonthsOption)
    .option('--pred-months <n>', 'months to predict; default modeling.pred_months', predMonthsOption)
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .option(
      '--sign-off <name>',
      'sign the model off as this person as soon as it is trained; needs --note',
      nameOption,
    )
    .option('--note <text>', 'why, for the ledger; with --sign-off')
    .option('--ticket <id>', 'the ticket that the decision belongs to; with --sign-off')
    .option(
      '--override <reason>',
      'why it is to serve even if it lost to a benchmark; with --sign-off',
      noteOption,
    )
    .option(
      '--override-eligibility <note>',
      'train although the orders do not reach the limits, and say why',
      noteOption,
    )
    .action(async (options) => {
      const { home, terminal, log } = contextOf(options);
      const config = await loadConfig(home);
      const signOff = signOffOf(options, config.governance.distinct_approvers);
      await withSession({ home, terminal, log }, config, async (session) => {
        await session.workUnlessOthersDo();
        terminal.say(`Training in ${home.root}`);
        const request = {
          cutoff: options.cutoff ?? null,
          historyMonths: options.historyMonths ?? null,
          predMonths: options.predMonths ?? null,
          orders: options.orders ?? null,
          overrideEligibility: options.overrideEligibility ?? null,
          signOff: signOff && { ...signOff, champion: (await readRegistry(home)).championId },
        };
        const result = await runNewTraining(session.queues, home, request, terminal);
        terminal.result(describeTraining(result), result);
      });
    });
}

/** Refused before the training, and not after it. */
function signOffOf(
  {
    signOff,
    note,
    ticket,
    override,
  }: { signOff?: string; note?: string; ticket?: string; override?: string },
  isDistinctRequired: boolean,
): TrainingRequest['signOff'] {
  if (signOff === undefined) {
    const misplaced = Object.entries({ note, ticket, override }).find(([, value]) => value !== undefined);
    if (misplaced === undefined) return null;
    throw new ClvError('OPTION_MISPLACED', `--${misplaced[0]} goes with --sign-off, and that is not given.`, {
      remedy:
        'Leave it out and decide on the candidate with clv approve, or say with --sign-off NAME who signs it off.',
    });
  }
  demandMayTrainAndSign(isDistinctRequired);
  const signature = completeSignature({ approver: signOff, note: note ?? '', ticket: ticket ?? null });
  return { ...signature, override: override ?? null };
}
