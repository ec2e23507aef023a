import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { addDays } from '../../domain/calendar/dates.ts';
import { totalAmount } from '../../domain/words/amount.ts';
import { openOrders } from '../../shop/openOrders.ts';
import { type OpenWindows, watchOpenWindows } from '../../shop/openWindows.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { pathOption } from '../options.ts';

export function addMonitorCommand(program: Command): void {
  withCommonOptions(
    program
      .command('monitor')
      .description('compare the revenue so far with the predictions whose months are not over'),
  )
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .action(async (options) => {
      const { home, terminal } = contextOf(options);
      const config = await loadConfig(home);
      using book = await openOrders(
        { home, clock: systemClock, threads: config.compute.threads ?? 2 },
        config,
        options.orders ?? null,
      );
      const open = await watchOpenWindows(home.outputs, book);
      terminal.result(describe(home.outputs, open), open);
    });
}

function describe(outputs: string, { asOf, windows, file }: OpenWindows): string {
  if (windows.length === 0) return `No prediction window is open; the orders end before ${asOf}.`;
  const percent = (share: number | null) => (share === null ? '–' : `${Math.round(100 * share)} %`);
  const header = ['window', '', 'passed', 'predicted', 'realised', 'of expected', 'of seasonal'];
  const rows = windows.map((it) => [
    it.cutoff,
    `to ${addDays(it.windowEnd, -1)}`,
    percent(it.sharePassed),
    totalAmount(it.predicted),
    totalAmount(it.realised),
    percent(it.ratio),
    percent(it.seasonalRatio),
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return [
    `Orders     end before ${asOf}`,
    line(header),
    ...rows.map(line),
    `Written    ${outputs}/${file}`,
  ].join('\n');
}
