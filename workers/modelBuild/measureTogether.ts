import { type DateWindow, historyWindow } from '../../src/domain/calendar/windows.ts';
import type { StandIn } from '../../src/domain/evaluation/comparisonPlan.ts';
import type { ForecastMetrics } from '../../src/domain/evaluation/metrics.ts';
import type { PairedDifference } from '../../src/domain/evaluation/pairedBootstrap.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { customersAt } from '../../src/orders/customersAt.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { readForecaster } from '../../src/registry/modelBinary.ts';
import type { ModelCard } from '../../src/registry/modelCard.ts';
import { pairedBootstrap } from '../compute/pairedBootstrap.ts';
import { predictClv } from '../compute/predictClv.ts';
import type { WorkContext } from '../processor.ts';
import { fitAt } from './fitAndMeasure.ts';
import { recipeOf } from './recipeOf.ts';

/** What two models came to on the same customers. */
export interface MeasuredTogether {
  readonly customers: number;
  /** Customers whom only the model with the longer history predicts. */
  readonly leftOut: number;
  /** The shorter one of the two histories, in months. */
  readonly historyMonths: number;
  readonly metrics: readonly [ForecastMetrics, ForecastMetrics];
  readonly difference: PairedDifference;
  /** What is left without customers who can decide the figures alone; null where there are none. */
  readonly withoutOutliers: {
    readonly customerIds: readonly string[];
    readonly rmse: readonly [number, number];
  } | null;
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
  const history = historyWindow(window.start, historyMonths);
  const { customerIds: compared } = await book.features(history);
  const labels = await book.revenue(history, window);
  const forecasts: Forecast[] = [];
  for (const [i, card] of cards.entries()) {
    const forecaster = await standInModel(book, card, standIns[i], 0.1 + 0.35 * i, context);
    const recipe = recipeOf(card);
    const { customerIds, customers } = await customersAt(book, window.start, recipe, recipe.features);
    forecasts.push({ customerIds, predicted: await predictClv(pool, forecaster, customers, { signal }) });
  }
  const [first, second] = forecasts.map((forecast) => forecastsOf(compared, forecast));
  const pair = { first, second, actual: labels };
  const rest = await pool.run('measurePairWithoutOutliersTask', pair, signal);
  const measured = (predicted: Float64Array): Promise<ForecastMetrics> =>
    pool.run('measureForecastTask', { predicted, actual: labels }, signal);
  return {
    customers: compared.length,
    leftOut: Math.max(...forecasts.map((it) => it.customerIds.length)) - compared.length,
    historyMonths,
    withoutOutliers: rest && { customerIds: rest.rows.map((row) => compared[row]), rmse: rest.rmse },
    metrics: [await measured(first), await measured(second)],
    difference: await pairedBootstrap(pool, first, second, labels, seed, {
      signal,
      onProgress: (done, total) =>
        progress(0.8 + (0.19 * done) / total, `drawing customers: ${done} of ${total}`),
    }),
  };
}

/** What speaks for a model: its binary, or its recipe fitted on earlier months. */
async function standInModel(
  book: OrderBook,
  card: ModelCard,
  { by, fitCutoff }: StandIn,
  from: number,
  context: WorkContext,
): Promise<Forecaster> {
  if (by === 'binary') return readForecaster(context.home, card);
  context.progress(from, `fitting ${card.model_id} at ${fitCutoff}`);
  return fitAt(book, fitCutoff, recipeOf(card), { ...context, progress: () => undefined });
}

/** The predictions for these customers, in their order. A longer history knows every customer of a shorter one. */
function forecastsOf(wanted: readonly string[], { customerIds, predicted }: Forecast): Float64Array {
  const rows = new Map(customerIds.map((id, row) => [id, row]));
  return Float64Array.from(wanted, (id) => predicted[rows.get(id) as number]);
}
