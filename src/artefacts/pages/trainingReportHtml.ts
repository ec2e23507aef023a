import type { GroupError } from '../../domain/evaluation/errorByGroup.ts';
import type { WithoutOutliers } from '../../domain/evaluation/measureWithoutOutliers.ts';
import type { ForecastReport, TrainingReport } from '../../domain/evaluation/trainingReport.ts';
import type { TotalBounds } from '../../domain/forecast/intervals/totalSpread.ts';
import type { LevelShift, Season } from '../../domain/forecast/season/season.ts';
import { shiftSays } from '../../domain/forecast/season/shiftSays.ts';
import { amount, totalAmount } from '../../domain/words/amount.ts';
import { counted } from '../../domain/words/counted.ts';
import { signedPercent } from '../../domain/words/figures.ts';
import {
  count,
  escaped,
  figureOrDash,
  htmlPage,
  htmlTable,
  htmlTile,
  share,
  signedOrDash,
} from './htmlPage.ts';
import { seasonChart } from './seasonChart.ts';
import { type ErrorChart, trainingReportCharts } from './trainingReportCharts.ts';

/** What a report says of the training besides its figures. Dates are ISO dates. */
export interface TrainingReportHeading {
  readonly modelId: string;
  readonly historyMonths: number;
  readonly predMonths: number;
  readonly fitCutoff: string;
  readonly measuredCutoff: string;
  /** That of the model, fitted on all months; null where none was found. */
  readonly season: Season | null;
  /** Of what all measured customers bring together; null for a model without such bounds. */
  readonly totalBounds: TotalBounds | null;
  /** How the model did against the best of the others, customers resampled: null where that was not asked. */
  readonly bestRival: RivalComparison | null;
  /** False where the orders begin too late for a full history at the fit. */
  readonly hasFullHistory: boolean;
}

/** The model against one other forecast. */
export interface RivalComparison {
  readonly name: string;
  /** 95 % of the resamples of the customers: RMSE of the model less that of the other, in currency, from and to. */
  readonly interval: readonly number[];
  /** One plain sentence. */
  readonly says: string;
}

/** The report of a training as one HTML page that needs nothing else. */
export async function trainingReportHtml(
  report: TrainingReport,
  heading: TrainingReportHeading,
): Promise<string> {
  const { modelId, historyMonths, predMonths, fitCutoff, measuredCutoff, hasFullHistory } = heading;
  const { forecasts, customers, revenue } = report;
  const [chosen, ...contenders] = forecasts;
  const charts = await trainingReportCharts(report);
  const name = escaped(chosen.name);
  const seasonal = heading.season === null ? '' : await seasonSection(heading.season, measuredCutoff);
  const best = report.perfectGain?.[10] ?? null;
  return htmlPage(
    `Training report of ${modelId}`,
    `<h1>Training report</h1>
<p class="faint">${escaped(modelId)}: ${counted(historyMonths, 'month')} of history, ${predMonths} ahead. Every forecast here was made ready at ${escaped(fitCutoff)} and measured at ${escaped(measuredCutoff)} on what ${counted(customers, 'customer')} spent in the ${counted(predMonths, 'month')} from then on, which it had not seen.${hasFullHistory ? '' : ' The orders begin too late for a full history, so that it was made ready on a shorter one.'} Amounts are in the currency of the orders.</p>
<div class="tiles">
${htmlTile(count(customers), 'customers measured')}
${htmlTile(totalAmount(revenue), `what they spent${expectedBy(chosen, heading.totalBounds)}`)}
${orderTiles(chosen, best)}
</div>
<h2>The forecasts side by side</h2>
<p class="faint">Each row is one way to forecast the same customers. The highlighted one, ${name}, is the model of this training, which a person signs off or rejects. Low is good for RMSE and MAE, near zero for bias, high for the rest; what the figures mean stands at the end of the page.</p>
<p>${verdict(chosen, contenders, heading.bestRival)}</p>
${forecastTable(forecasts)}
${report.withoutOutliers === null ? '' : `<p>${outliersSay(report.withoutOutliers, name)}</p>\n`}<h2>Can the amounts be trusted? Calibration by tenth of the customers</h2>
<p class="faint">The customers are lined up by their forecast and cut into ten groups of one size; group 1 holds those of whom most is expected. Bars of one height mean that the forecast can be taken at its word. Where the first bar is higher, it promises too much, where it is lower, too little.</p>
<p>${calibrationSays(chosen)}</p>
<figure><h3>${name} (chosen)</h3>${charts.calibration[0].html}</figure>
${contenders.length === 0 ? '' : `<div class="pair">${contenders.map((it, i) => `<figure><h3>${escaped(it.name)}${charts.calibration[i + 1].hasOwnScale ? ', on a scale of its own' : ''}</h3>${charts.calibration[i + 1].html}</figure>`).join('\n')}</div>`}
${
  charts.gain === null || charts.lift === null
    ? '<h2>Gain and lift</h2><p>The customers together did not bring any revenue in these months, so there is none to be found.</p>'
    : `<h2>Who finds the good customers? Cumulative gain</h2>
<p class="faint">If you write to customers in the order of a forecast, from left to right, how much of all revenue have you reached? The dashed diagonal is what drawing lots would reach, the dotted line what somebody would reach who knew the future. The nearer a line runs to the dotted one, the better it picks. A forecast that is the same for everybody lies on the diagonal.</p>
<p>The first tenth by ${name} brought ${share(chosen.topDecileCapture)} of all revenue, the first fifth ${share(chosen.gain?.[20] ?? null)}; the best possible tenth brought ${share(best)}.</p>
<figure>${charts.gain}</figure>
<h2>How much better than average? Lift</h2>
<p class="faint">What a customer of each tenth spent, as a multiple of the average customer (dashed). A line that falls steeply tells good customers from others; a flat one does not. Ties count with their mean, so a forecast that is the same for everybody lies on the dashed line.</p>
<figure>${charts.lift}</figure>`
}
${seasonal}<h2>New customers and old ones</h2>
<p class="faint">The error (RMSE) by the time since a customer's first order in the history. Lower bars are better. Groups that spend more have larger errors with every forecast, so compare the bars within a group; and with few customers one of them can make a bar.</p>
${errorFigure(charts.errorByTenure)}
<h3>${name} by time since the first order</h3>
${groupTable('First order', chosen.byTenure)}
<h2>One order and many</h2>
<p class="faint">The same by the number of orders in the history; returns count as orders.</p>
${errorFigure(charts.errorByOrders)}
<h3>${name} by number of orders</h3>
${groupTable('Orders', chosen.byOrders)}
<h2>What the figures mean</h2>
${htmlTable(['Figure', '-Meaning'], GLOSSARY)}
<p class="faint">All figures of this page, for every forecast, are in the CSV file of the same name.</p>`,
  );
}

/** Within which bounds the chosen forecast expected the total. */
function expectedBy({ name }: ForecastReport, bounds: TotalBounds | null): string {
  return bounds === null
    ? ''
    : `; ${name} expected ${totalAmount(bounds.p10)} to ${totalAmount(bounds.p90)}, with four chances in five`;
}

/** How far the chosen forecast was off for all together, and how well it found the good customers, where that is defined. */
function orderTiles({ name, metrics, topDecileCapture }: ForecastReport, best: number | null): string {
  const { bias, normalizedGini } = metrics;
  return [
    ...(bias === null
      ? []
      : [htmlTile(signedPercent(bias), `forecast of ${name} for all together, against what they spent`)]),
    ...(topDecileCapture === null
      ? []
      : [
          htmlTile(
            share(topDecileCapture),
            `of their revenue from the tenth of customers that ${name} puts first; ${share(best)} would be perfect`,
          ),
        ]),
    ...(normalizedGini === null
      ? []
      : [
          htmlTile(
            figureOrDash(normalizedGini),
            'normalised Gini: 1 is the perfect order of customers, 0 is chance',
          ),
        ]),
  ].join('\n');
}

/** What the model knows of a change of level, which what was measured may have been too early to know. */
function shiftNews(shift: LevelShift, measuredCutoff: string): string {
  const isLater = shift.from >= measuredCutoff;
  return `${shiftSays(shift)}${isLater ? ' The forecasts that are measured here were made before that.' : ''}`;
}

async function seasonSection(season: Season, measuredCutoff: string): Promise<string> {
  const shift = season.shift === null ? '' : `<p>${escaped(shiftNews(season.shift, measuredCutoff))}</p>\n`;
  if (season.index.every((factor) => factor === 1))
    return `<h2>Do customers order as often as before?</h2>\n${shift}`;
  return `<h2>When do customers order? The season</h2>
${shift}<p class="faint">How often a customer orders on a day of each month of the year, as a multiple of a usual day (dashed), found in the orders of the last three years, or of as many as there are. The forecasts follow it; a month that stands out by no more than chance is drawn back to the line.</p>
<figure>${await seasonChart(season)}</figure>
`;
}

const GLOSSARY = [
  ['RMSE', 'Typical size of the error per customer; a few large errors weigh heavily. In currency.'],
  ['MAE', 'Mean size of the error per customer, all errors alike. In currency.'],
  ['Bias', 'How far the forecast of all customers together lies above (+) or below (−) what they spent.'],
  ['R²', 'Share of the differences between customers that is explained: 1 is all, 0 no more than the mean.'],
  [
    'Spearman',
    'How well the order of customers by forecast is their real order: 1 is exactly, 0 not at all.',
  ],
  ['Normalised Gini', 'The same with money as the weight: 1 is the best possible order, 0 is chance.'],
  ['Top tenth', 'Share of all revenue that the tenth of customers with the highest forecasts brought.'],
  ['–', 'Not defined, for instance where nobody spent anything.'],
].map((cells) => ({ cells }));

function forecastTable(forecasts: readonly ForecastReport[]): string {
  return htmlTable(
    ['Forecast', 'RMSE', 'MAE', 'Bias', 'R²', 'Spearman', 'Normalised Gini', 'Top tenth', '-What it is'],
    forecasts.map(({ name, description, isChosen, metrics, topDecileCapture }) => ({
      cells: [
        isChosen ? `${name} ✓ chosen` : name,
        amount(metrics.rmse),
        amount(metrics.mae),
        signedOrDash(metrics.bias),
        figureOrDash(metrics.r2),
        figureOrDash(metrics.spearman),
        figureOrDash(metrics.normalizedGini),
        share(topDecileCapture),
        { html: `<span class="aside">${escaped(description ?? '')}</span>` },
      ],
      mark: isChosen ? ('chosen' as const) : undefined,
    })),
  );
}

/** The chosen forecast against the best of the others, by RMSE, and whether that may be chance; HTML. */
function verdict(
  chosen: ForecastReport,
  contenders: readonly ForecastReport[],
  comparison: RivalComparison | null,
): string {
  const next = contenders[0];
  if (next === undefined) return 'There is no other forecast to compare it with.';
  const name = escaped(chosen.name);
  const { rmse } = chosen.metrics;
  const rmseOfNext = next.metrics.rmse;
  const best = `${escaped(next.name)} (${amount(rmseOfNext)})`;
  if (rmse === rmseOfNext) return `The RMSE of ${name} is that of ${best}, the best of the others.`;
  const isBelow = rmse < rmseOfNext;
  const difference = rmseOfNext === 0 ? '' : `${(Math.abs(rmse / rmseOfNext - 1) * 100).toFixed(1)} % `;
  const says = `The RMSE of ${name} is ${isBelow ? `${difference}below` : `<b>${difference}above</b>`} that of ${best}, the best of the others.`;
  if (comparison === null || comparison.name !== next.name) return says;
  const [least] = comparison.interval;
  const hint = isBelow
    ? ''
    : least > 0
      ? ' Find out why before you sign.'
      : ' Of several forecasts one is always best afterwards, and it is rarely the same one the next time.';
  return `${says} With the customers drawn anew many times: ${escaped(comparison.says)}${hint}`;
}

/** Who can decide these figures alone, and what they are without them, in sentences; HTML. */
function outliersSay({ outliers, metrics }: WithoutOutliers, name: string): string {
  const isOne = outliers.length === 1;
  const who = outliers.map(
    ({ actual, predicted }) => `spent ${amount(actual)} where ${amount(predicted)} was forecast`,
  );
  return `<b>${isOne ? 'One customer is' : `${outliers.length} customers are`} more than ten times as large as any other</b>, and can decide RMSE, MAE, bias and R² alone: ${isOne ? 'the one' : 'they'} ${who.join(', ')}. Without ${isOne ? 'that customer' : 'them'}, the RMSE of ${name} is ${amount(metrics.rmse)}, its MAE ${amount(metrics.mae)}, its bias ${metrics.bias === null ? 'not defined' : signedPercent(metrics.bias)}, its R² ${figureOrDash(metrics.r2)}. The card of the model names ${isOne ? 'the customer' : 'the customers'}: if an amount is a slip, correct it in the orders and train again.`;
}

/** What the first tenth was forecast to spend, and what it spent, in a sentence; HTML. */
function calibrationSays({ name, deciles: [top] }: ForecastReport): string {
  const { meanPredicted, meanActual } = top;
  if (meanPredicted === null || meanActual === null) return 'There are too few customers for ten groups.';
  return `Of the first tenth, ${escaped(name)} expected ${amount(meanPredicted)} per customer; they spent ${amount(meanActual)}.`;
}

function errorFigure({ html, cut }: ErrorChart): string {
  const bars = cut.map(({ forecast, group, rmse }) => `${forecast} with ${amount(rmse)} (${group})`);
  const note =
    cut.length === 0
      ? ''
      : `\n<p class="faint">${cut.length === 1 ? 'A bar is cut' : `${count(cut.length)} bars are cut`} at the top, because the others could not be seen beside ${cut.length === 1 ? 'it' : 'them'}: ${escaped(bars.join(', '))}.</p>`;
  return `<figure>${html}</figure>${note}`;
}

function groupTable(what: string, groups: readonly GroupError[]): string {
  return htmlTable(
    [what, 'Customers', 'Forecast, mean', 'Realised, mean', 'Bias', 'RMSE', 'MAE'],
    groups.map((it) => ({
      cells: [
        it.group,
        count(it.customers),
        amount(it.meanPredicted),
        amount(it.meanActual),
        signedOrDash(it.bias),
        amount(it.rmse),
        amount(it.mae),
      ],
    })),
  );
}
