import { compareModels } from '../../queues/modelBuild.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { historyWindow } from '../../src/domain/calendar/windows.ts';
import { planComparison, type StandIn } from '../../src/domain/evaluation/comparisonPlan.ts';
import { comparisonVerdict } from '../../src/domain/evaluation/comparisonVerdict.ts';
import { evaluateForecast } from '../../src/domain/evaluation/metrics.ts';
import type { Forest } from '../../src/domain/forest/forest.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import {
  type ComparisonRecord,
  comparisonPath,
  readComparison,
  sideOf,
  writeComparison,
} from '../../src/registry/comparisonRecord.ts';
import { readForest } from '../../src/registry/forestFile.ts';
import { comparedModelOf, type ModelCard, readCard } from '../../src/registry/modelCard.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { ordersSignature } from '../../src/shop/ordersSource.ts';
import { pairedBootstrap, RESAMPLES } from '../compute/pairedBootstrap.ts';
import { predictForest } from '../compute/predictForest.ts';
import { processorOf, type WorkContext } from '../processor.ts';
import { fitForest, labelledCustomers } from './fitAndMeasure.ts';
import { recipeOf } from './recipeOf.ts';

/** One model's forecast of the window, by customer. */
interface Forecast {
  readonly customerIds: readonly string[];
  readonly predicted: Float64Array;
}

/**
 * Measures two models on the newest complete months, on the same customers. A file that was made of the same orders
 * stays as it is.
 */
export const compareModelsProcessor = processorOf(compareModels, async (request, context) => {
  const { home, clock, pool, progress, signal } = context;
  const cards = [await readCard(home, request.modelId), await readCard(home, request.otherId)] as const;
  const config = await loadConfig(home);
  // Asked for before the files are read: orders that change meanwhile count as others.
  const signature = await ordersSignature(home, config, request.orders);
  progress(0.02, 'reading orders');
  const book = await openOrders({ home, clock, threads: pool.threads }, config, request.orders);
  try {
    const span = { firstDate: book.report.firstDate, dataEnd: book.dataEnd };
    const { window, standIns } = planComparison([comparedModelOf(cards[0]), comparedModelOf(cards[1])], span);
    const path = comparisonPath(home.outputs, cards, window.start);
    const orders = await book.fingerprint({ start: span.firstDate, end: span.dataEnd });
    const before = await readComparison(path);
    if (before?.measured?.orders.sha256 === orders.sha256) {
      if (before.orders_signature !== signature)
        await writeComparison(path, { ...before, orders_signature: signature });
      return summary(path, before);
    }

    const historyMonths = Math.min(cards[0].history_months, cards[1].history_months);
    const settings = { historyMonths, predMonths: cards[0].pred_months };
    const { customerIds, labels } = await labelledCustomers(book, window.start, settings);
    const forecasts: Forecast[] = [];
    for (const [i, card] of cards.entries()) {
      const forest = await standInForest(book, card, standIns[i], 0.1 + 0.35 * i, context);
      const { customerIds: ids, matrix } = await book.features(
        historyWindow(window.start, card.history_months),
      );
      forecasts.push({ customerIds: ids, predicted: await predictForest(pool, forest, matrix, { signal }) });
    }
    const [first, second] = forecasts.map((forecast) => forecastsOf(customerIds, forecast));
    const { seed } = config.modeling;
    const difference = await pairedBootstrap(pool, first, second, labels, seed, {
      signal,
      onProgress: (done, total) =>
        progress(0.8 + (0.19 * done) / total, `drawing customers: ${done} of ${total}`),
    });
    const verdict = comparisonVerdict([cards[0].model_id, cards[1].model_id], difference);
    const leftOut = Math.max(...forecasts.map((it) => it.customerIds.length)) - customerIds.length;
    const measured = ([predicted, { by, fitCutoff, labelsEnd, hasFullHistory }]: [
      Float64Array,
      StandIn,
    ]) => ({
      by,
      fit_cutoff: fitCutoff,
      labels_end: labelsEnd,
      has_full_history: hasFullHistory,
      metrics: evaluateForecast(predicted, labels),
    });
    const record: ComparisonRecord = {
      models: [sideOf(cards[0]), sideOf(cards[1])],
      measured: {
        window,
        orders,
        customers: customerIds.length,
        left_out: leftOut,
        models: [measured([first, standIns[0]]), measured([second, standIns[1]])],
        difference: {
          rmse: difference.rmseDifference,
          interval: [...difference.interval],
          share_first_better: difference.shareFirstBetter,
          resamples: RESAMPLES,
          seed,
        },
        winner: verdict.winner,
      },
      notes: notesOn(cards, standIns, { historyMonths, leftOut }),
      conclusion: verdict.says,
      orders_signature: signature,
    };
    await writeComparison(path, record);
    return summary(path, record);
  } finally {
    book.close();
  }
});

/** The forest that speaks for a model: its binary, or its recipe fitted on earlier months. */
async function standInForest(
  book: OrderBook,
  card: ModelCard,
  { by, fitCutoff }: StandIn,
  from: number,
  context: WorkContext,
): Promise<Forest> {
  if (by === 'binary') return readForest(context.home, card);
  const recipe = recipeOf(card);
  const data = await labelledCustomers(book, fitCutoff, recipe);
  const doing = `fitting ${card.model_id} at ${fitCutoff}`;
  return (await fitForest(data, recipe, { outOfBag: false, from, doing }, context)).forest;
}

/** The predictions for these customers, in their order. A longer history knows every customer of a shorter one. */
function forecastsOf(wanted: readonly string[], { customerIds, predicted }: Forecast): Float64Array {
  const rows = new Map(customerIds.map((id, row) => [id, row]));
  return Float64Array.from(wanted, (id) => predicted[rows.get(id) as number]);
}

function notesOn(
  cards: readonly [ModelCard, ModelCard],
  standIns: readonly [StandIn, StandIn],
  { historyMonths, leftOut }: { readonly historyMonths: number; readonly leftOut: number },
): string[] {
  const notes: string[] = [];
  for (const [i, { model_id, search }] of cards.entries()) {
    const { by, fitCutoff, labelsEnd, hasFullHistory } = standIns[i];
    notes.push(
      by === 'binary'
        ? `${model_id} is measured itself: its labels end before ${labelsEnd}.`
        : `${model_id} was trained on labels of these months, so its recipe is measured, fitted at ${fitCutoff}; the binary itself is one prediction window fresher.`,
    );
    if (!hasFullHistory)
      notes.push(`The orders begin too late for a full history of ${model_id} at ${fitCutoff}.`);
    if (search)
      notes.push(
        `The windows of ${model_id} were chosen by ${search.id}; where that search saw these months, the figure flatters it a little.`,
      );
  }
  if (leftOut > 0)
    notes.push(
      `${leftOut.toLocaleString('en-GB')} customers without an order in the last ${historyMonths} months are predicted by one model only and left out.`,
    );
  return notes;
}

function summary(file: string, { conclusion, measured }: ComparisonRecord) {
  return { file, conclusion, winner: measured?.winner ?? null };
}
