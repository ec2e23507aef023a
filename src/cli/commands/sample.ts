import type { Command } from 'commander';
import { dateInZone } from '../../domain/calendar/dates.ts';
import { counted } from '../../domain/words/counted.ts';
import { writeSampleShop } from '../../sample/writeSampleShop.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { countOption, dateOption, monthsOption, numberOption, pathOption } from '../options.ts';

export function addSampleCommand(program: Command): void {
  withCommonOptions(
    program
      .command('sample')
      .description('write the orders of a seeded, realistic house-ware shop to practise on'),
  )
    .requiredOption('--out <file>', 'a .csv or .csv.gz file', pathOption)
    .option('--customers <n>', 'how many customers', countOption, 2000)
    .option('--months <n>', 'how many months', monthsOption, 36)
    .option('--seed <n>', 'same seed, same shop', numberOption, 1)
    .option('--end <date>', 'the day after the last one of the shop; default today', dateOption)
    .option(
      '--dirty-share <share>',
      'rows that cannot be used, for each clean row, 0 to 0.5; default 0.001',
      numberOption,
    )
    .option('--change-at <date>', 'from this day customers buy more or less often', dateOption)
    .option('--change-factor <factor>', 'by this factor', numberOption)
    .option(
      '--season <strength>',
      'how strong Christmas and the summer are, 0 (none) to 2; default 1',
      numberOption,
    )
    .option('--truth <file>', "write each customer's true expected net revenue", pathOption)
    .option('--cutoff <date>', 'of the truth', dateOption)
    .option('--pred-months <n>', 'of the truth', monthsOption)
    .action(async (options, command: Command) => {
      const { terminal } = contextOf(options);
      const {
        out,
        customers,
        months,
        seed,
        dirtyShare,
        changeAt,
        changeFactor,
        season,
        truth,
        cutoff,
        predMonths,
      } = options;
      if (truth !== undefined && (cutoff === undefined || predMonths === undefined)) {
        command.error(
          'error: --truth needs --cutoff and --pred-months: the months whose revenue is expected',
        );
      }
      if (truth === undefined && (cutoff !== undefined || predMonths !== undefined))
        command.error('error: --cutoff and --pred-months are those of the truth: they go with --truth');
      const summary = await writeSampleShop({
        out,
        customers,
        months,
        seed,
        end: options.end ?? dateInZone(systemClock.now(), 'UTC'),
        dirtyShare,
        changeAt,
        changeFactor,
        season,
        truth: truth === undefined ? undefined : { out: truth, cutoff, predMonths },
        onProgress: (done, all) =>
          terminal.progress(`  … ${done.toLocaleString('en-GB')} of ${counted(all, 'customer')}`),
      });
      terminal.result(
        `${summary.out}: ${counted(summary.rows, 'row')} of ${counted(summary.customers, 'customer')}, ${summary.firstDate} to ${summary.lastDate}`,
        summary,
      );
    });
}
