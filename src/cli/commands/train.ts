import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { fileTimestamp } from '../../domain/calendar/timestamps.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { countOption, dateOption, pathOption } from '../options.ts';
import { runTraining } from '../runTraining.ts';
import { withSession } from '../session.ts';
import { describeTraining } from '../summaries.ts';

export function addTrainCommand(program: Command): void {
  withCommonOptions(
    program.command('train').description('train a model, measure it out of time, and make it the champion'),
  )
    .option(
      '--cutoff <date>',
      'train at this cutoff; default the latest whose labels are complete',
      dateOption,
    )
    .option('--history-months <n>', 'months of history; default modeling.history_months', countOption)
    .option('--pred-months <n>', 'months to predict; default modeling.pred_months', countOption)
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .action(async (options) => {
      const { home, terminal, log } = contextOf(options);
      const config = await loadConfig(home);
      await withSession(home, config, log, async (session) => {
        await session.workUnlessOthersDo();
        terminal.say(`Training in ${home.root}`);
        const request = {
          modelId: `clv_model_${fileTimestamp(systemClock.now())}`,
          cutoff: options.cutoff ?? null,
          historyMonths: options.historyMonths ?? null,
          predMonths: options.predMonths ?? null,
          orders: options.orders ?? null,
        };
        const result = await runTraining(session.queues, request, terminal);
        terminal.result(describeTraining(result), result);
      });
    });
}
