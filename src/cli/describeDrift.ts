import type { IsoDate } from '../domain/calendar/dates.ts';
import { type DriftResult, isAlert } from '../domain/drift/driftResult.ts';
import { amount } from '../domain/words/amount.ts';
import { counted } from '../domain/words/counted.ts';
import { figure, signedFigure, signedPercent } from '../domain/words/figures.ts';
import { renderTable } from './table.ts';

/** A measured window, and whether its model had learned from months of it. */
export interface MatureWindow {
  readonly result: DriftResult;
  readonly isInSample: boolean;
}

const IN_SAMPLE =
  'In sample: the model had learned from months of that window, which flatters it. Such figures are no evidence that forecasts come true.';

/**
 * The windows as a table, with what a reader has to know of them.
 *
 * @param waiting windows whose months have passed and that were not compared yet.
 */
export function describeDrift(
  windows: readonly MatureWindow[],
  waiting: readonly { readonly cutoff: IsoDate; readonly predMonths: number }[],
): string {
  const measured =
    windows.length === 0
      ? 'No window has been measured yet: the first one is when its predicted months have passed.'
      : renderTable(HEADER, windows.map(cellsOf), LEFT_COLUMNS);
  const lines = waiting.map(
    ({ cutoff, predMonths }) =>
      `The ${counted(predMonths, 'month')} from ${cutoff} have passed and were not compared yet; clv serve or clv worker does that.`,
  );
  const notes = [...lines, ...(windows.some(({ isInSample }) => isInSample) ? [IN_SAMPLE] : [])];
  return notes.length === 0 ? measured : `${measured}\n\n${notes.join('\n')}`;
}

const HEADER = [
  ...['Cutoff', 'Months', 'Model', 'Customers', 'RMSE', 'Baseline', 'Change'],
  ...['R²', 'Baseline', 'Change', 'Bias', 'New customers', 'Status'],
];
/** Model and status are words; the rest are figures. */
const LEFT_COLUMNS: readonly number[] = [0, 2, 12];

function cellsOf({ result, isInSample }: MatureWindow): string[] {
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
    `${isAlert(result) ? `ALERT (${comparison.reasons.join(', ')})` : 'ok'}${isInSample ? ', in sample' : ''}`,
  ];
}

function decimal(value: number | null): string {
  return value === null ? '–' : figure(value);
}

function share(value: number | null): string {
  return value === null ? '–' : signedPercent(value);
}
