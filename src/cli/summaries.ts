import { amount } from '../domain/words/amount.ts';
import { counted } from '../domain/words/counted.ts';
import { figure, signedPercent } from '../domain/words/figures.ts';
import type { OrdersReport } from '../orders/report.ts';
import type { TrainingResult } from './runTraining.ts';

const number = new Intl.NumberFormat('en-GB');

/** `1,234 orders of 567 customers, 2009-12-01 to 2010-12-09`, and what was left out and why. */
export function describeOrders(report: OrdersReport): string[] {
  const rejects = Object.entries(report.rejectsByReason).map(
    ([reason, count]) => `${number.format(count)} ${reason}`,
  );
  const nullIds = Object.entries(report.guestRowsById).map(([id, count]) => `${number.format(count)} ${id}`);
  return [
    `Orders     ${number.format(report.orders)} of ${counted(report.customers, 'customer')}, ${report.firstDate} to ${report.lastDate}, from ${counted(report.rowsRead, 'row')}`,
    `Left out   ${counted(report.guestRows, 'row')} without a customer${nullIds.length > 0 ? ` (${nullIds.join(', ')})` : ''}; ${counted(report.rejectedRows, 'row')} rejected${rejects.length > 0 ? ` (${rejects.join(', ')})` : ''}`,
    ...(report.strayOrders ?? []).map(
      ({ customerId, day }) =>
        `Look at    the order of customer ${customerId} on ${day}, long before all others. If it is a slip, correct it in the file; the shop is taken to have opened on ${report.openingDate}`,
    ),
    ...(report.outlyingOrders ?? []).map(
      ({ customerId, day, revenue, times }, _, { length }) =>
        `Look at    ${amount(revenue)} of customer ${customerId} on ${day}: ${number.format(Math.round(times))} times the largest order of any ${length === 1 ? 'other customer' : 'customer without such an order'}. If it is a slip, correct it in the file; others' forecasts do not learn from it`,
    ),
  ];
}

/** What a person wants to know of a new model. */
export function describeTraining(result: TrainingResult): string {
  const { out_of_time: baseline, loses_to: losses = [], level_shift: shift = null } = result;
  const lines = [
    '',
    `${result.status === 'champion' ? 'Champion ' : 'Candidate'}  ${result.model_id}, trained at ${result.cutoff}`,
    ...(result.orders === null ? [] : describeOrders(result.orders)),
    `Baseline   fitted at ${baseline.fit_cutoff}, measured at ${baseline.measured_cutoff} on ${counted(baseline.customers, 'customer')} (out of time)`,
    `           RMSE ${amount(baseline.rmse)} (the mean for everybody: ${amount(baseline.rmse_of_mean)}), R² ${share(baseline.r2)}, MAE ${amount(baseline.mae)}`,
    `           Spearman ${share(baseline.spearman)}, normalised Gini ${share(baseline.normalizedGini)}, bias ${biasOf(baseline)}`,
  ];
  if (result.without_outliers !== undefined) lines.push(...describeOutliers(result.without_outliers));
  for (const says of losses) lines.push(`Lost       ${says}`);
  if (shift !== null) lines.push(`Changed    ${shift}`);
  if (!baseline.has_full_history) {
    lines.push(
      '           The orders begin too late for a full history at the fit: the baseline was fitted on a shorter one.',
    );
  }
  if (result.report !== null) lines.push(`Report     outputs/${result.report.html.file}, and as .csv`);
  if (result.code_commit === 'unknown') {
    lines.push('Code       commit unknown: set CLV_CODE_COMMIT where the program runs from no git checkout');
  }
  if (result.code_commit.endsWith('+changes'))
    lines.push(`Code       ${result.code_commit.slice(0, 12)} with changes that are not committed`);
  if (result.left_open !== undefined) lines.push(`Not signed ${result.left_open}`);
  if (result.status === 'candidate') {
    if (result.champion !== null)
      lines.push(
        `Next       clv compare ${result.model_id} ${result.champion}  (is it better than the champion?)`,
      );
    const override = losses.length > 0 ? ' --override REASON' : '';
    lines.push(`Next       clv approve ${result.model_id} --by NAME --note TEXT${override}  (or --reject)`);
  } else if (result.first_score_cutoff !== null) {
    lines.push(
      `Next       clv score  (run.last_score_cutoff is now ${result.first_score_cutoff}, the day after the last order)`,
    );
  }
  return lines.join('\n');
}

/** Who decides the baseline alone, and what it is of all others. */
function describeOutliers({ outliers, ...rest }: NonNullable<TrainingResult['without_outliers']>): string[] {
  return [
    ...outliers.map(
      ({ customer_id, actual, predicted }) =>
        `Look at    customer ${customer_id}, more than ten times as large as any ${outliers.length === 1 ? 'other' : 'who is not named here'}: spent ${amount(actual)}, forecast ${amount(predicted)}`,
    ),
    `           Without ${outliers.length === 1 ? 'this customer' : 'these customers'}: RMSE ${amount(rest.rmse)}, R² ${share(rest.r2)}, MAE ${amount(rest.mae)}, bias ${biasOf(rest)}`,
  ];
}

function biasOf({ bias }: { readonly bias: number | null }): string {
  return bias === null ? 'undefined' : signedPercent(bias);
}

function share(value: number | null): string {
  return value === null ? 'undefined' : figure(value);
}
