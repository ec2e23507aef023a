import { type Command, InvalidArgumentError } from 'commander';
import { writeFeatureTable } from '../../artefacts/featureTable.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { historyWindow, predictionWindow } from '../../domain/calendar/windows.ts';
import { CutoffNotMaturedError } from '../../domain/evaluation/trainingCutoff.ts';
import { chooseFeatures, featureProblem } from '../../domain/features/chooseFeatures.ts';
import { counted } from '../../domain/words/counted.ts';
import { HistoryEmptyError } from '../../orders/historyEmptyError.ts';
import { openOrders } from '../../shop/openOrders.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { dateOption, monthsOption, pathOption } from '../options.ts';
import { describeOrders } from '../summaries.ts';

export function addFeaturesCommand(program: Command): void {
  withCommonOptions(
    program.command('features').description('write the feature matrix of a cutoff, one row a customer'),
  )
    .requiredOption('--cutoff <date>', 'the features are those of this day', dateOption)
    .requiredOption('--history-months <n>', 'months of orders before it', monthsOption)
    .option(
      '--pred-months <n>',
      'add actual_clv: net revenue in as many months from the cutoff',
      monthsOption,
    )
    .option(
      '--features <list>',
      'names or groups of features, or all, parted by commas',
      featuresOption,
      'base',
    )
    .requiredOption('--out <file>', 'a .csv or .parquet file', pathOption)
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .action(async (options) => {
      const { home, terminal } = contextOf(options);
      const config = await loadConfig(home);
      using book = await openOrders(
        { home, clock: systemClock, threads: config.compute.threads ?? 2 },
        config,
        options.orders ?? null,
      );
      const history = historyWindow(options.cutoff, options.historyMonths);
      const window =
        options.predMonths === undefined ? null : predictionWindow(options.cutoff, options.predMonths);
      if (window !== null && window.end > book.dataEnd) {
        throw new CutoffNotMaturedError(
          'CUTOFF_NOT_MATURED',
          `Labels of ${counted(options.predMonths, 'month')} from ${options.cutoff} end at ${window.end}, but the orders end before ${book.dataEnd}.`,
          {
            remedy: 'Choose an earlier cutoff, predict fewer months, or leave --pred-months out.',
          },
        );
      }
      const { customerIds, matrix } = await book.features(history, {
        features: chooseFeatures(options.features.split(',')),
        predMonths: options.predMonths ?? config.modeling.pred_months,
      });
      if (customerIds.length === 0) throw new HistoryEmptyError(options, book.report);
      const labels = window === null ? null : await book.revenue(history, window);
      await writeFeatureTable(options.out, customerIds, matrix, labels);
      terminal.result(
        [
          ...describeOrders(book.report),
          `Written    ${options.out}: ${counted(customerIds.length, 'customer')}, ${counted(matrix.featureNames.length, 'feature')}`,
        ].join('\n'),
        {
          out: options.out,
          customers: customerIds.length,
          features: matrix.featureNames,
          orders: book.report,
        },
      );
    });
}

/** Names and groups that exist, without blanks. */
function featuresOption(text: string): string {
  const words = text.split(',').map((word) => word.trim());
  for (const word of words) {
    const problem = featureProblem(word);
    if (problem !== null) throw new InvalidArgumentError(`"${word}" ${problem}.`);
  }
  return words.join(',');
}
