import { addDays } from '../calendar/dates.ts';
import type { ForecastMetrics } from '../evaluation/metrics.ts';
import { amount } from '../words/amount.ts';
import { counted } from '../words/counted.ts';
import { figure, signedFigure, signedPercent } from '../words/figures.ts';
import { decidedAlone } from '../words/outlierWords.ts';
import type { JudgedMetrics } from './compareWithBaseline.ts';
import { type DriftResult, isAlert } from './driftResult.ts';
import { isSustained } from './sustainedDrift.ts';

/** What a window was without its outliers: customers who can decide its figures alone. */
export interface WindowWithoutOutliers {
  /** Their ids, at least one. */
  readonly customerIds: readonly string[];
  readonly metrics: JudgedMetrics;
}

/** What an alert is made of. */
export interface AlertFacts {
  readonly alertId: string;
  readonly result: DriftResult;
  /** All metrics of the baseline, from the card of the model. */
  readonly baseline: ForecastMetrics;
  /** Of this window without its outliers; absent where there are none. */
  readonly withoutOutliers?: WindowWithoutOutliers;
  /** Whether the model had learned from months of this window, which flatters it. */
  readonly isInSample: boolean;
  /** Where the RMSE of this window lies in 95 % of the resamples of its customers, in currency. */
  readonly rmseInterval: readonly [number, number];
  /** The alerts in consecutive windows that this one belongs to, itself included. */
  readonly inARow: readonly DriftResult[];
  /** The request that these alerts open, or opened before; null for a single alert. */
  readonly requestId: string | null;
}

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const points = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 9 });

/** The alert in one line, for logs, mail subjects and chats. */
export function alertHeadline({ result, inARow }: Pick<AlertFacts, 'result' | 'inARow'>): string {
  const { cutoff, predMonths } = result;
  const what = `Predictions of ${cutoff} for ${counted(predMonths, 'month')} missed by more than they should`;
  return isSustained(inARow) ? `${what}: grid search recommended` : what;
}

/**
 * The whole alert as Markdown, for people who do not know what an RMSE is. The same facts give the same text. Throws
 * RangeError for a result that is no alert.
 */
export function alertText(facts: AlertFacts): string {
  const { alertId, result, requestId } = facts;
  if (!isAlert(result)) throw new RangeError(`The window of ${result.cutoff} raised no alert.`);
  return `${[
    `# Drift alert: predictions of ${result.cutoff} for ${counted(result.predMonths, 'month')}`,
    `**Status: the predictions missed by more than they should.** ${alertSummary(result)}`,
    '**No retrain has been triggered.** The model stays in service until a named person approves another.',
    '## The figures',
    figures(facts),
    'The baseline is what the model reached, before it went into service, on months that it had not seen. Amounts are in the currency of the orders, per customer.',
    '## What it means',
    bullets(meaning(facts)),
    ...(requestId === null ? [] : ['## Grid search recommended', recommendation(facts, requestId)]),
    '## Next steps',
    nextSteps(alertId, requestId),
    `Alert \`${alertId}\`, model \`${result.modelId}\`, file \`${actualFile(facts)}\`.`,
  ].join('\n\n')}\n`;
}

function actualFile({ alertId }: AlertFacts): string {
  return alertId.replace('drift_alert_', '').concat('.csv');
}

/** What happened, in a sentence with figures. */
export function alertSummary({ metrics, cutoff, windowEnd }: DriftResult): string {
  const { customers, meanActual, meanPredicted } = metrics;
  const who =
    customers === 1 ? 'The one customer who was' : `The ${whole.format(customers)} customers who were`;
  return `${who} scored spent ${amount(meanActual)} on average from ${cutoff} to ${addDays(windowEnd, -1)}; ${amount(meanPredicted)} had been predicted${off(metrics)}.`;
}

function off({ bias }: ForecastMetrics): string {
  if (bias === null || Math.abs(bias) < 0.005) return '';
  return `, ${percent(Math.abs(bias))} too ${bias > 0 ? 'much' : 'little'}`;
}

function figures({ result, baseline }: AlertFacts): string {
  const { metrics, comparison, thresholds } = result;
  const { rmseRise, r2Drop, r2Basis, reasons } = comparison;
  const mark = (isOver: boolean): string => (isOver ? ' **(alert)**' : '');
  const r2Change = r2Drop === null ? 'undefined' : signed(-r2Drop, r2Basis === 'relative');
  const r2Limit = r2Basis === 'absolute' ? points.format(thresholds.r2) : limit(thresholds.r2);
  const rows = [
    ['', 'Baseline', 'This window', 'Change', 'Alert beyond'],
    ['---', '---:', '---:', '---:', '---:'],
    [
      'Typical error (RMSE)',
      amount(baseline.rmse),
      amount(metrics.rmse),
      `${rmseRise === null ? 'undefined' : signed(rmseRise, true)}${mark(reasons.includes('rmse'))}`,
      `+${limit(thresholds.rmse)}`,
    ],
    [
      'Differences between customers explained (R²)',
      decimal(baseline.r2),
      decimal(metrics.r2),
      `${r2Change}${mark(reasons.includes('r2'))}`,
      `−${r2Limit}`,
    ],
    ['Mean absolute error', amount(baseline.mae), amount(metrics.mae), '', ''],
    ['Predicted on average', amount(baseline.meanPredicted), amount(metrics.meanPredicted), '', ''],
    ['Spent on average', amount(baseline.meanActual), amount(metrics.meanActual), '', ''],
    ['Order of customers (rank correlation)', decimal(baseline.spearman), decimal(metrics.spearman), '', ''],
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function meaning(facts: AlertFacts): string[] {
  const { result, baseline, withoutOutliers, rmseInterval } = facts;
  const { metrics, comparison, newCustomers } = result;
  const { bias, meanActual } = metrics;
  const says: string[] = [];
  if (comparison.reasons.includes('rmse')) {
    says.push(
      `The predicted amount of a single customer is typically off by ${amount(metrics.rmse)}; ${amount(baseline.rmse)} was to be expected. Large misses count most in this figure.`,
    );
    says.push(chance(result, rmseInterval));
  }
  if (comparison.reasons.includes('r2')) {
    says.push(
      'The predictions are worse than before at telling which customers will spend much and which will spend little.',
    );
  }
  if (withoutOutliers !== undefined) {
    const { customerIds, metrics: rest } = withoutOutliers;
    says.push(
      `${decidedAlone(customerIds, 'these figures')}, the RMSE is ${amount(rest.rmse)}, R² ${decimal(rest.r2)}. If an amount is a slip, correct it in the orders.`,
    );
  }
  if (metrics.r2 === null) {
    says.push('All customers spent the same, so R² has no value in this window.');
  }
  if (bias !== null && Math.abs(bias) >= 0.05) {
    const way = bias > 0 ? 'less' : 'more';
    says.push(
      `Customers spent ${way} than predicted as a whole: plans that add predictions up are about ${percent(Math.abs(bias))} too ${bias > 0 ? 'high' : 'low'}.`,
    );
  } else if (bias === null) {
    says.push(
      meanActual < 0
        ? 'Customers sent back more than they paid, so what came cannot be held against the forecast as a share.'
        : 'Nobody who was scored spent anything, or returns cancelled out what was spent.',
    );
  }
  if (facts.isInSample)
    says.push(
      'The model had learned from months of this window. On months that it does not know its errors are larger still.',
    );
  says.push(orderOfCustomers(metrics.spearman, baseline.spearman));
  if (newCustomers.customers > 0) {
    const { customers, revenue } = newCustomers;
    says.push(
      `${counted(customers, 'customer')} bought for the first time after the scoring and spent ${amount(revenue)} in all. No prediction was made for them; they are not part of these figures.`,
    );
  }
  return says;
}

/** Whether the customers who happened to be there can explain the alert alone. */
function chance({ baseline, thresholds }: DriftResult, [low, high]: AlertFacts['rmseInterval']): string {
  const limit = baseline.rmse * (1 + thresholds.rmse);
  const range = `other customers of the same kind, the RMSE would lie between ${amount(low)} and ${amount(high)} in 95 of 100 cases; above ${amount(limit)} it raises an alert`;
  return low > limit
    ? `Chance alone hardly explains that. With ${range}.`
    : `Chance may be part of that, because a few customers can decide this figure. With ${range}.`;
}

/** Below this loss of rank correlation the order of customers counts as kept. */
const ORDER_KEPT = 0.05;

function orderOfCustomers(measured: number | null, baseline: number | null): string {
  if (measured === null || baseline === null)
    return 'Whether the order of customers still holds cannot be told: a rank correlation is undefined.';
  return baseline - measured < ORDER_KEPT
    ? 'The order of customers, from the best to the least, holds as well as before: value tiers can still be used, amounts only with care.'
    : 'The order of customers has suffered as well: value tiers of this model should be used with care.';
}

function recommendation({ inARow, result }: AlertFacts, requestId: string): string {
  const cutoffs = inARow.map(({ cutoff }) => cutoff).join(', ');
  const doOverlap = inARow.some(({ cutoff }, i) => i > 0 && cutoff < inARow[i - 1].windowEnd);
  // What chance can do is told of the RMSE alone.
  const above = result.comparison.reasons.includes('rmse') ? ': read above what chance can do.' : '.';
  const luck = doOverlap
    ? `Neighbours among these windows share months, so the same luck can be behind them${above}`
    : 'These windows share no month, so it is hardly bad luck any more.';
  return `These are ${inARow.length} alerts in consecutive windows of this model (cutoffs ${cutoffs}). ${luck} A grid search finds out whether other windows fit today's customers better. It does not start by itself; a person turns the request \`${requestId}\` into a search with one call: \`clv grid-search --request ${requestId} --by NAME --note TEXT\`, or \`POST /api/requests/${requestId}/grid-search\`.`;
}

function nextSteps(alertId: string, requestId: string | null): string {
  const steps = [
    "**Marketing:** do not base budgets on this model's amounts until the cause is known. Tell the data team what was special in these months: prices, campaigns, stock, a new competitor.",
    '**Data team:** check that the orders of these months are complete and that returns and cancellations are booked as before. A gap in the data looks like drift.',
    ...(requestId === null
      ? [
          '**Data scientist:** one window may be chance. If the next one raises an alert too, a grid search will be recommended.',
        ]
      : [
          '**Data scientist:** decide on the request above: start the search, or dismiss the request with a reason.',
        ]),
    `**Whoever takes care of it:** say so, with a reason: \`clv acknowledge ${alertId} --by NAME --note TEXT\`.`,
  ];
  return steps.map((step, i) => `${i + 1}. ${step}`).join('\n');
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function decimal(value: number | null): string {
  return value === null ? 'undefined' : figure(value);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share * 100 < 10 ? 1 : 0).replace(/\.0$/, '')} %`;
}

/** A threshold, which a person has set, with all its digits: rounded, it could contradict the figure beside it. */
function limit(share: number): string {
  return `${Number((share * 100).toPrecision(12))} %`;
}

function signed(value: number, isShare: boolean): string {
  return isShare ? signedPercent(value) : signedFigure(value);
}
