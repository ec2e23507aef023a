import {
  count,
  escaped,
  figureOrDash,
  htmlPage,
  htmlTable,
  htmlTile,
  signedOrDash,
} from '../artefacts/pages/htmlPage.ts';
import type { DriftReason } from '../domain/drift/compareWithBaseline.ts';
import { amount, signedTotal, totalAmount } from '../domain/words/amount.ts';
import { counted } from '../domain/words/counted.ts';
import { signedPercent } from '../domain/words/figures.ts';
import { alertWorths } from './alertWorth.ts';
import type { ReplayedRun, ReplayFacts } from './replayFacts.ts';
import { type DriftThresholds, reportCharts } from './reportCharts.ts';

/** The report of a replay as one HTML page that needs nothing else. */
export async function replayReportHtml(facts: ReplayFacts, thresholds: DriftThresholds): Promise<string> {
  const { runs } = facts;
  const charts = await reportCharts(runs, thresholds);
  const matured = runs.filter((run) => run.actualRevenue !== null);
  const predicted = sum(matured.map((run) => run.predictedRevenue));
  const actual = sum(matured.map((run) => run.actualRevenue ?? 0));
  const alerts = alertWorths(runs);
  return htmlPage(
    `Replay ${facts.from} to ${facts.to}`,
    `<h1>Replay: ${facts.from} to ${facts.to}</h1>
<p class="faint">${counted(facts.orders.rows, 'order')} of ${counted(facts.orders.customers, 'customer')}, ${facts.orders.first} to ${facts.orders.last}. ${escaped(facts.policy)} Amounts are in the currency of the orders.</p>
<div class="tiles">
${countTile(runs.length, 'scoring run')}
${countTile(matured.length, 'matured window')}
${htmlTile(signedOrDash(excessOf(predicted, actual)), 'predicted against realised revenue, all matured windows')}
${countTile(alerts.length, 'drift alert')}
${countTile(new Set(runs.map((run) => run.modelId)).size, 'champion')}
${htmlTile(`${facts.seconds.toFixed(0)} s`, 'to replay')}
</div>
<h2>Predicted and realised revenue</h2>
<p class="faint">Each pair is one run: what it predicted for the months after its cutoff, and what these customers spent in them. A run without a second bar has a window that is still open. Windows overlap.${lengthsSay(runs)}</p>
<figure>${charts.revenue}</figure>
<h2>Error over time</h2>
<p class="faint">RMSE of each matured window against the baseline of the model that predicted it, measured on months that it had not seen. Above the dashed line a window raises an alert.</p>
<figure>${charts.rmse}</figure>
<p class="faint">R² of the same windows: the share of the differences between customers that was foreseen. Below the dashed line a window raises an alert too.</p>
<figure>${charts.r2}</figure>
${charts.psi === null ? '' : `<h2>Early warning</h2><p class="faint">Known on the day of the run, months before the window has passed: how far the customers have moved from those that the model was trained on, in the feature that moved most (population stability index).</p><figure>${charts.psi}</figure>`}
<h2>What each alert was worth</h2>
${
  alerts.length === 0
    ? `<p>${matured.length === 0 ? 'No window has matured, so none could raise an alert.' : 'No window was worse than its baseline by more than the thresholds.'}</p>`
    : `${WORTH}\n${htmlTable(
        [
          'Raised',
          'Because of',
          'Cutoff',
          'Predicted less realised',
          'RMSE against baseline',
          'Mean from then on',
          'Mean under the next champion',
          '-Model',
          '-Next champion',
        ],
        alerts.map((it) => ({
          cells: [
            it.dueDate,
            reasonWords(it.reasons),
            it.cutoff,
            signedTotal(it.misforecast),
            signedPercent(it.rmseExcess),
            signedPercent(it.excessBefore),
            signedOrDash(it.excessAfter),
            it.modelId,
            it.successor ?? 'none yet',
          ],
        })),
      )}`
}
<h2>Decisions</h2>
${htmlTable(
  ['Day', '-What', '-Model'],
  facts.decisions.map((it) => ({ cells: [it.date, it.what, it.modelId ?? '–'] })),
)}
<h2>Runs</h2>
${htmlTable(
  [
    'Cutoff',
    'Months',
    'Customers',
    'Predicted',
    'Realised',
    'Difference',
    'RMSE',
    'Baseline',
    'R²',
    'Matured',
    'Alert',
    '-Model',
  ],
  runs.map((run) => ({
    cells: runCells(run),
    mark: run.alertReasons.length > 0 ? ('alert' as const) : undefined,
  })),
)}
<h2>Jobs and files</h2>
<h3>Jobs that ran</h3>
${htmlTable(
  ['-Job', 'Runs'],
  facts.jobs.map((it) => ({ cells: [it.job, count(it.runs)] })),
)}
<h3>Files at the end</h3>
${htmlTable(
  ['-Folder', 'Files', 'Bytes'],
  facts.files.map((it) => ({ cells: [it.folder, count(it.files), count(it.bytes)] })),
)}`,
  );
}

/** What the table of alerts holds. */
const WORTH =
  '<p class="faint">An alert is raised when the months of a window have passed, because its RMSE rose or its R² fell too far. RMSE is told against the baseline that the alerting model was held against: +20 % is a fifth above it. The mean from then on is that of this window and all later ones of the same model. The next champion is the first one of which a window has matured; its mean is a dash where it predicts another number of months, since the errors of different horizons cannot be compared.</p>';

const REASONS: Record<DriftReason, string> = { rmse: 'RMSE', r2: 'R²' };

function reasonWords(reasons: readonly DriftReason[]): string {
  return reasons.map((reason) => REASONS[reason]).join(', ');
}

function countTile(value: number, noun: string): string {
  return htmlTile(count(value), value === 1 ? noun : `${noun}s`);
}

/** A warning where windows are of several lengths. */
function lengthsSay(runs: readonly ReplayedRun[]): string {
  const lengths = [...new Set(runs.map((run) => run.predMonths))];
  if (lengths.length < 2) return '';
  return ` They are of ${lengths.slice(0, -1).join(', ')} and then ${lengths.at(-1)} months: more months bring more revenue and larger errors.`;
}

function runCells(run: ReplayedRun): string[] {
  const isMatured = run.actualRevenue !== null;
  return [
    run.cutoff,
    String(run.predMonths),
    count(run.customers),
    totalAmount(run.predictedRevenue),
    run.actualRevenue === null ? '–' : totalAmount(run.actualRevenue),
    signedOrDash(excessOf(run.predictedRevenue, run.actualRevenue)),
    run.rmse === null ? '–' : amount(run.rmse),
    run.baselineRmse === null ? '–' : amount(run.baselineRmse),
    figureOrDash(run.r2),
    isMatured ? run.dueDate : 'open',
    reasonWords(run.alertReasons),
    run.modelId,
  ];
}

/** What was predicted over what came, less 1; null where no revenue came, or more was taken back than paid. */
function excessOf(predicted: number, actual: number | null): number | null {
  return actual !== null && actual > 0 ? predicted / actual - 1 : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
