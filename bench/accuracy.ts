/**
 * How well every contender and the champion forecast, shop by shop and cutoff by cutoff, out of time: contenders,
 * weights and the choice are learned only from orders before the cutoff.
 *
 * npm run bench:accuracy -- [--orders <file>]... [--home <folder>]... [--cutoff <date>]... [--history-months 12]
 * [--pred-months 6] [--shops real,sample,young,changed,shifted,giants,stationary,varied,yearly] [--features all] [--level-shift passes] [--peers no] [--best yes]
 *
 * Without options: the real orders in CLV_SHARED (or `../shared`), if they are there, and three sample shops. With
 * --orders only those files, at --cutoff or at the latest cutoffs that they allow; with --home only the shops of those
 * homes, whose config says how their orders are read. Beside the contenders stand the models that others would use: the
 * plain rate and BG/NBD with Gamma-Gamma as in textbooks (textbookModels.ts), and scikit-learn and XGBoost, if the
 * machine has them and --peers is not no. These learn from the eleven base features at one cutoff, as a user of these
 * libraries would begin. The last row of a sample shop is what the simulation itself expects of each customer, since it
 * knows the customer's rate and whether the customer has left; its error is chance. With --best yes, the row above it
 * is the best forecast from the orders alone by somebody who knows how the shop is made (bestForecast.ts; half a minute
 * for 10,000 customers). The stationary shops, in which nothing changes, test totals; the young ones test seasons that
 * cannot be learned yet; the customers of the varied ones behave in ways that no contender assumes (variedShops.ts); in those of the giants three customers spend many times what any other does.
 *
 * Beside the share of the customers within their 80 % interval stands the least that intervals can hold which hold 80 %
 * of each customer's own predictive distribution: where most buy nothing, that is more than 80 %.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addMonths } from '../src/domain/calendar/dates.ts';
import { historyWindow } from '../src/domain/calendar/windows.ts';
import { mean } from '../src/domain/evaluation/averages.ts';
import { evaluateForecast, type ForecastMetrics } from '../src/domain/evaluation/metrics.ts';
import { trainingReport } from '../src/domain/evaluation/trainingReport.ts';
import { chooseFeatures } from '../src/domain/features/chooseFeatures.ts';
import { columnOf } from '../src/domain/features/matrix.ts';
import { totalOf } from '../src/domain/forecast/combination/unseenForecast.ts';
import type { EvaluatedOrigin } from '../src/domain/forecast/combine.ts';
import { CONTENDERS } from '../src/domain/forecast/contenders/contender.ts';
import { COVERAGE } from '../src/domain/forecast/intervals/conformal.ts';
import { shareWithin } from '../src/domain/forecast/intervals/forecastIntervals.ts';
import { applyIntervals } from '../src/domain/forecast/intervals/intervals.ts';
import { distributionAround } from '../src/domain/forecast/intervals/predictiveDistribution.ts';
import type { TotalBounds } from '../src/domain/forecast/intervals/totalSpread.ts';
import { completeForestParams } from '../src/domain/forest/params.ts';
import type { OrderBook } from '../src/orders/orderBook.ts';
import { pairedBootstrap } from '../workers/compute/pairedBootstrap.ts';
import { compete } from '../workers/modelBuild/tournament/runTournament.ts';
import { shopAtCutoffs } from '../workers/modelBuild/tournament/shopAtCutoffs.ts';
import { createComputePool } from '../workers/pool.ts';
import { type Outcome, type Rivalry, tellBars } from './accuracyBars.ts';
import { forecastOfPeer } from './accuracyPeers.ts';
import {
  type AccuracyShop,
  givenShop,
  type MeasuredCutoff,
  shopOfHome,
  shopsOfKinds,
} from './accuracyShops.ts';
import { figure, percent } from './figures.ts';
import { readShop } from './readShop.ts';
import { textbookForecasts } from './textbookModels.ts';

const { values: options } = parseArgs({
  options: {
    orders: { type: 'string', multiple: true, default: [] },
    home: { type: 'string', multiple: true, default: [] },
    cutoff: { type: 'string', multiple: true, default: [] },
    'history-months': { type: 'string', default: '12' },
    'pred-months': { type: 'string', default: '6' },
    shops: { type: 'string', default: 'real,sample' },
    peers: { type: 'string', default: 'yes' },
    best: { type: 'string', default: 'no' },
    features: { type: 'string', default: 'all' },
    'level-shift': { type: 'string', default: 'lasts' },
  },
});

const features = chooseFeatures(options.features.split(','));

const SEED = 42;

const pool = createComputePool({ threads: 2 });
const folder = mkdtempSync(join(tmpdir(), 'accuracy-bench-'));
const outcomes: Outcome[] = [];
try {
  for (const shop of await chosenShops()) {
    const book = await readShop(shop.settings);
    try {
      for (const measured of shop.cutoffs ?? latestCutoffs(book)) {
        const fit = addMonths(measured.cutoff, -measured.predMonths);
        if (fit <= book.report.openingDate)
          console.log(
            `\n## ${shop.name}, ${measured.cutoff}: not measured, because the fit of ${fit} has no orders before it\n`,
          );
        else outcomes.push(await measure(shop, book, measured));
      }
    } finally {
      book.close();
    }
  }
} finally {
  await pool.close();
  rmSync(folder, { recursive: true });
}
tellBars(outcomes);

async function chosenShops(): Promise<AccuracyShop[]> {
  const given = [...options.orders.map(givenShop), ...(await Promise.all(options.home.map(shopOfHome)))];
  if (given.length > 0) return given;
  return shopsOfKinds(options.shops.split(','), folder);
}

function latestCutoffs({ dataEnd }: OrderBook): MeasuredCutoff[] {
  const historyMonths = Number(options['history-months']);
  const predMonths = Number(options['pred-months']);
  const latest = addMonths(dataEnd, -predMonths);
  const cutoffs =
    options.cutoff.length > 0 ? options.cutoff : [latest, addMonths(latest, -Math.ceil(predMonths / 2))];
  return cutoffs.map((cutoff) => ({ cutoff, historyMonths, predMonths }));
}

async function measure(measuredShop: AccuracyShop, book: OrderBook, at: MeasuredCutoff): Promise<Outcome> {
  const { name } = measuredShop;
  const { cutoff, historyMonths, predMonths } = at;
  const { signal } = new AbortController();
  const context = { pool, signal, progress: () => undefined };
  const levelShift = options['level-shift'] === 'passes' ? 'passes' : 'lasts';
  const shop = shopAtCutoffs(book, { historyMonths, features, levelShift }, context);
  const params = { forest: completeForestParams(), winsorise: null };
  const startedAt = performance.now();
  const { measured, champion, decision, origins, totalBounds } = await compete(
    shop,
    { cutoff, predMonths },
    params,
    context,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const { matrix, labels } = await shop.labelled(cutoff, predMonths);
  const earlier = await shop.labelled(addMonths(cutoff, -predMonths), predMonths);
  const libraries = options.peers === 'yes' && earlier.matrix.rows > 0 ? ['scikit-learn', 'xgboost'] : [];
  const peers = [
    ...(await textbookForecasts(book, at, matrix)),
    ...libraries.flatMap((name) => {
      const predicted = forecastOfPeer(folder, name, earlier, { matrix, labels });
      return predicted === null ? [] : [{ name, predicted }];
    }),
  ];
  const { forecasts, customers } = trainingReport({
    actual: labels,
    tenureDays: columnOf(matrix, 'tenure_days'),
    orders: columnOf(matrix, 'revenue_count'),
    forecasts: [
      { name: 'champion', predicted: champion, isChosen: true },
      ...CONTENDERS.map(({ name }, k) => ({ name, predicted: measured.forecasts[k], isChosen: false })),
      ...peers.map((peer) => ({ ...peer, isChosen: false })),
    ],
  });
  const { known, possible } = await simulationAt(book, measuredShop, at, labels);
  const total =
    totalBounds === null
      ? ''
      : `, together ${Math.round(totalOf(champion))}, expected between ${Math.round(totalBounds.p10)} and ${Math.round(totalBounds.p90)}, came ${Math.round(totalOf(labels))}`;
  const where = `${name}, ${cutoff}, ${historyMonths} + ${predMonths} months`;
  const bought = labels.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  console.log(
    `\n## ${where}\n\n${customers.toLocaleString('en-GB')} customers, ${((100 * bought) / customers).toFixed(0)} % bought. Chosen: ${decision.chosen}, from ${origins.map((origin) => `${origin.cutoff} (${origin.predMonths} months)`).join(', ') || 'no origin'}; calibration ${decision.calibration.toFixed(3)}${total}; ${seconds.toFixed(1)} s.\n`,
  );
  console.log(
    '| forecast | RMSE | RMSE, champion = 1 | MAE | R² | Spearman | Gini | top 10 % | bias | weights | in 80 % interval |',
  );
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
  const own = forecasts[0].metrics;
  const leastCoverage = leastHeld(measured, champion);
  const coverage = (): number | null =>
    decision.intervals === null
      ? null
      : shareWithin(labels, applyIntervals(decision.intervals, champion, measured.distributions));
  for (const { name: forecast, metrics, topDecileCapture } of forecasts) {
    const k = CONTENDERS.findIndex((contender) => contender.name === forecast);
    const { bulk, largest } = decision.stack;
    const cells = [
      forecast,
      metrics.rmse.toFixed(2),
      (metrics.rmse / own.rmse).toFixed(3),
      metrics.mae.toFixed(2),
      figure(metrics.r2),
      figure(metrics.spearman),
      figure(metrics.normalizedGini, 4),
      percent(topDecileCapture),
      percent(metrics.bias),
      k < 0 ? '' : `${bulk[k].toFixed(2)} / ${largest[k].toFixed(2)}`,
      forecast === 'champion' ? `${percent(coverage())}, at least ${percent(leastCoverage)}` : '',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  for (const [row, metrics] of [
    ['the best possible', possible],
    ['the simulation', known],
  ] as const)
    if (metrics !== null)
      console.log(
        `| ${row} | ${metrics.rmse.toFixed(2)} | ${(metrics.rmse / own.rmse).toFixed(3)} | ${metrics.mae.toFixed(2)} | ${figure(metrics.r2)} | ${figure(metrics.spearman)} | ${figure(metrics.normalizedGini, 4)} | | ${percent(metrics.bias)} | | |`,
      );
  const contenders = forecasts.filter(({ name: it }) =>
    CONTENDERS.some((contender) => contender.name === it),
  );
  /** The champion against the one of these with the least RMSE. */
  const against = async (
    rivals: typeof contenders,
    predictedBy: (name: string) => Float64Array,
  ): Promise<Rivalry> => {
    // Sorted by RMSE, as the report is.
    const [{ name: best, metrics: least }] = rivals;
    const { interval } = await pairedBootstrap(pool, champion, predictedBy(best), labels, SEED, { signal });
    const ginis = rivals.map(({ metrics }) => metrics.normalizedGini ?? 0);
    return {
      best,
      rmse: own.rmse / least.rmse,
      interval: [interval[0] / least.rmse, interval[1] / least.rmse],
      gini: (own.normalizedGini ?? 0) / Math.max(...ginis, Number.MIN_VALUE),
    };
  };
  const [{ metrics: least }] = contenders;
  return {
    where,
    contenders: await against(
      contenders,
      (best) => measured.forecasts[CONTENDERS.findIndex((contender) => contender.name === best)],
    ),
    peers: await against(
      forecasts.filter(({ name: it }) => peers.some((peer) => peer.name === it)),
      (best) => peers.find((peer) => peer.name === best)?.predicted ?? champion,
    ),
    coverage: coverage(),
    leastCoverage,
    bias: own.bias,
    isTotalWithin: totalBounds && isWithin(totalOf(labels), totalBounds),
    truth: known === null ? null : known.rmse / least.rmse,
    possible: possible === null ? null : possible.rmse / least.rmse,
  };
}

function isWithin(total: number, { p10, p90 }: TotalBounds): boolean {
  return total >= p10 && total <= p90;
}

/**
 * The share of the customers that intervals hold which hold 80 % of each customer's own predictive distribution: somebody
 * who buys nothing with a probability of 90 % is held by [0, 0] with that probability, and by no interval with a lower one.
 * Null without a purchase model.
 */
function leastHeld({ distributions }: EvaluatedOrigin, forecasts: Float64Array): number | null {
  if (distributions === null) return null;
  return mean(
    Array.from(forecasts, (forecast, row) =>
      forecast > 0 ? Math.max(COVERAGE, distributionAround(distributions, row, forecast).pNone) : 1,
    ),
  );
}

/** How the simulation of the shop itself did, and how the best forecast did; null for real orders. */
async function simulationAt(
  book: OrderBook,
  { truth, bestPossible }: AccuracyShop,
  at: MeasuredCutoff,
  labels: Float64Array,
): Promise<{ readonly known: ForecastMetrics | null; readonly possible: ForecastMetrics | null }> {
  if (truth === null) return { known: null, possible: null };
  const expected = await truth(at);
  const { customerIds } = await book.features(historyWindow(at.cutoff, at.historyMonths));
  const predicted = Float64Array.from(customerIds, (id) => expected.get(id)?.expected ?? Number.NaN);
  return {
    known: evaluateForecast(predicted, labels),
    possible:
      bestPossible !== null && options.best === 'yes'
        ? evaluateForecast(bestPossible(at, customerIds), labels)
        : null,
  };
}
