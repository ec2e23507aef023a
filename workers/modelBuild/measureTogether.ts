import { type DateWindow, historyWindow } from '../../src/domain/calendar/windows.ts';
import type { StandIn } from '../../src/domain/evaluation/comparisonPlan.ts';
import { evaluateForecast, type ForecastMetrics } from '../../src/domain/evaluation/metrics.ts';
import type { PairedDifference } from '../../src/domain/evaluation/pairedBootstrap.ts';
import type { Forest } from '../../src/domain/forest/forest.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { readForecaster } from '../../src/registry/modelBinary.ts';
import type { ModelCard } from '../../src/registry/modelCard.ts';
import { pairedBootstrap } from '../compute/pairedBootstrap.ts';
import { predictForest } from '../compute/predictForest.ts';
import type { WorkContext } from '../processor.ts';
import { fitForest, labelledCustomers } from './fitAndMeasure.ts';
import { recipeOf } from './recipeOf.ts';

/** What two models came to on the same customers. */
interface MeasuredTogether {
  readonly customers: number;
  /** Customers whom only the model with the longer history predicts. */
  readonly leftOut: number;
  /** The shorter one of the two histories, in months. */
  readonly historyMonths: number;
  readonly metrics: readonly [ForecastMetrics, ForecastMetrics];
  readonly difference: PairedDifference;
}

/** One model's forecast of the window, by customer. */
interface Forecast {
  readonly customerIds: readonly string[];
  readonly predicted: Float64Array;
}

/**
 * Forecasts a window with what speaks for each of two models, and measures both on the customers of the shorter history.
 * Throws ClvError `TOO_FEW_CUSTOMERS`; ForestFileMismatchError where a binary is missing.
 */
export async function measureTogether(
  book: OrderBook,
  plan: {
    readonly cards: readonly [ModelCard, ModelCard];
    readonly window: DateWindow;
    readonly standIns: readonly [StandIn, StandIn];
    readonly seed: number;
  },
  context: WorkContext,
): Promise<MeasuredTogether> {
  const { cards, window, standIns, seed } = plan;
  const { pool, signal, progress } = context;
  const historyMonths = Math.min(cards[0].history_months, cards[1].history_months);
  const settings = { historyMonths, predMonths: cards[0].pred_months };
  const { customerIds: compared, labels } = await labelledCustomers(book, window.start, settings);
  const forecasts: Forecast[] = [];
  for (const [i, card] of cards.entries()) {
    const forest = await standInForest(book, card, standIns[i], 0.1 + 0.35 * i, context);
    const { customerIds, matrix } = await book.features(historyWindow(window.start, card.history_months));
    forecasts.push({ customerIds, predicted: await predictForest(pool, forest, matrix, { signal }) });
  }
  const [first, second] = forecasts.map((forecast) => forecastsOf(compared, forecast));
  return {
    customers: compared.length,
    leftOut: Math.max(...forecasts.map((it) => it.customerIds.length)) - compared.length,
    historyMonths,
    metrics: [evaluateForecast(first, labels), evaluateForecast(second, labels)],
    difference: await pairedBootstrap(pool, first, second, labels, seed, {
      signal,
      onProgress: (done, total) =>
        progress(0.8 + (0.19 * done) / total, `drawing customers: ${done} of ${total}`),
    }),
  };
}

/** The forest that speaks for a model: its binary, or its recipe fitted on earlier months. */
async function standInForest(
  book: OrderBook,
  card: ModelCard,
  { by, fitCutoff }: StandIn,
  from: number,
  context: WorkContext,
): Promise<Forest> {
  if (by === 'binary') return readForecaster(context.home, card);
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
