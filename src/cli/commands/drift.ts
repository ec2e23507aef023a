import type { Command } from 'commander';
import { driftFigures } from '../../alerts/driftFigures.ts';
import { readDriftHistory } from '../../alerts/driftHistory.ts';
import { demandHome } from '../../config/loadConfig.ts';
import { type DriftResult, isAlert, standingResults } from '../../domain/drift/driftResult.ts';
import { amount } from '../../domain/words/amount.ts';
import { figure, signedPercent } from '../../domain/words/figures.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { renderTable } from '../table.ts';

export function addDriftCommand(program: Command): void {
  withCommonOptions(
    program
      .command('drift')
      .description('show how predictions did whose months have passed, window by window'),
  ).action(async (options) => {
    const { home, terminal } = contextOf(options);
    await demandHome(home);
    const results = standingResults(await readDriftHistory(home));
    terminal.result(
      results.length === 0
        ? 'No window has been measured yet: the first one is when its predicted months have passed.'
        : renderTable(HEADER, results.map(cellsOf), LEFT_COLUMNS),
      results.map(driftFigures),
    );
  });
}

const HEADER = [
  ...['Cutoff', 'Months', 'Model', 'Customers', 'RMSE', 'Baseline', 'Change'],
  ...['R²', 'Baseline', 'Change', 'Bias', 'New customers', 'Status'],
];
/** Model and status are words; the rest are figures. */
const LEFT_COLUMNS: readonly number[] = [0, 2, 12];

function cellsOf(result: DriftResult): string[] {
  const { metrics, baseline, comparison, newCustomers } = result;
  const { rmseRise, r2Drop, r2Basis } = comparison;
  return [
    ...[result.cutoff, String(result.predMonths), result.modelId, String(metrics.customers)],
    ...[amount(metrics.rmse), amount(baseline.rmse), share(rmseRise)],
    ...[decimal(metrics.r2), decimal(baseline.r2)],
    r2Drop !== null && r2Basis === 'absolute'
      ? signedFigure(-r2Drop)
      : share(r2Drop === null ? null : -r2Drop),
    share(metrics.bias),
    String(newCustomers.customers),
    isAlert(result) ? `ALERT (${comparison.reasons.join(', ')})` : 'ok',
  ];
}

function decimal(value: number | null): string {
  return value === null ? '–' : figure(value);
}

function share(value: number | null): string {
  return value === null ? '–' : signedPercent(value);
}

function signedFigure(value: number): string {
  const text = figure(value);
  return text.startsWith('−') ? text : `+${text}`;
}
