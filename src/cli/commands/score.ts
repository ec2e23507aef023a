import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Home } from '../../config/home.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { ModelConfig } from '../../config/schema.ts';
import { dateInZone, type IsoDate } from '../../domain/calendar/dates.ts';
import { ClvError } from '../../domain/errors.ts';
import type { TotalBounds } from '../../domain/forecast/intervals/totalSpread.ts';
import { totalAmount } from '../../domain/words/amount.ts';
import { counted } from '../../domain/words/counted.ts';
import { likelyBetween } from '../../domain/words/likelyBetween.ts';
import type { OrdersReport } from '../../orders/report.ts';
import { readChampion } from '../../registry/champion.ts';
import { scoreRunOf } from '../../registry/scoreRunOf.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { dateOption, pathOption } from '../options.ts';
import { type RunResult, runScoring } from '../runScoring.ts';
import { withSession } from '../session.ts';
import { describeOrders } from '../summaries.ts';

export function addScoreCommand(program: Command): void {
  withCommonOptions(
    program
      .command('score')
      .description('score every customer: predictions, tiers, clusters, and the next cutoff'),
  )
    .option('--cutoff <date>', 'score this cutoff; default run.last_score_cutoff', dateOption)
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .action(async (options) => {
      const { home, terminal, log } = contextOf(options);
      const config = await loadConfig(home);
      const champion = await readChampion(home);
      const cutoff = chooseCutoff(options.cutoff ?? null, config, home);
      const run = scoreRunOf(champion, cutoff, options.orders ?? null);
      await withSession({ home, terminal, log }, config, async (session) => {
        await session.workUnlessOthersDo();
        terminal.say(
          `Scoring cutoff ${cutoff} with ${champion.model_id} (${counted(run.historyMonths, 'month')} of history, ${run.predMonths} ahead)`,
        );
        const result = await runScoring(session.queues, run, terminal);
        const report = await readRunReport(result);
        terminal.result(describeRun(home, result, report), { ...result, ...report });
      });
    });
}

function chooseCutoff(given: IsoDate | null, config: ModelConfig, home: Home): IsoDate {
  const cutoff = given ?? config.run.last_score_cutoff;
  if (cutoff === null) {
    throw new ClvError('CUTOFF_NOT_SET', `${home.configFile} does not say which cutoff comes next.`, {
      remedy: 'Set run.last_score_cutoff, or pass --cutoff YYYY-MM-DD.',
    });
  }
  const today = dateInZone(systemClock.now(), config.general.timezone);
  if (cutoff <= today) return cutoff;
  throw new ClvError(
    'CUTOFF_AHEAD',
    `The cutoff ${cutoff} lies after today, ${today}: its history is not complete.`,
    {
      remedy: 'Score it on that day, or pass an earlier one with --cutoff.',
    },
  );
}

interface RunReport {
  readonly customers: number;
  readonly predicted_revenue: number;
  /** Absent where a worker of an earlier version made the run. */
  readonly predicted_revenue_bounds?: TotalBounds | null;
  readonly orders: OrdersReport;
  readonly files: readonly { readonly file: string; readonly rows: number }[];
}

async function readRunReport(result: RunResult): Promise<RunReport> {
  return JSON.parse(await readFile(result.report, 'utf8')) as RunReport;
}

function describeRun(home: Home, result: RunResult, report: RunReport): string {
  return [
    '',
    ...describeOrders(report.orders),
    `Scored     ${counted(report.customers, 'customer')}; predicted revenue ${totalAmount(report.predicted_revenue)}${likelyBetween(report.predicted_revenue_bounds ?? null)}`,
    `Files      in ${home.outputs}`,
    ...report.files.map(({ file, rows }) => `           ${file} (${counted(rows, 'row')})`),
    `Next       ${result.bumped ? `cutoff ${result.next_cutoff}` : `cutoff ${result.next_cutoff}, as before: this was not the run that it waits for`}`,
  ].join('\n');
}
