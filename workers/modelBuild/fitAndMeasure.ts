import type { IsoDate } from '../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import { ClvError } from '../../src/domain/errors.ts';
import { evaluateForecast, type ForecastMetrics } from '../../src/domain/evaluation/metrics.ts';
import type { TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import type { TrainedForest } from '../../src/domain/forest/growForest.ts';
import type { ForestParams } from '../../src/domain/forest/params.ts';
import type { CustomerFeatures, OrderBook } from '../../src/orders/orderBook.ts';
import { predictForest } from '../compute/predictForest.ts';
import { trainForest } from '../compute/trainForest.ts';
import type { WorkContext } from '../processor.ts';

/** What a model is fitted on. */
export interface FitSettings {
  readonly historyMonths: number;
  readonly predMonths: number;
  readonly params: ForestParams;
  /** What grows the trees; the library is for comparison on small shops. */
  readonly engine: 'forest' | 'ml-random-forest';
  /** Lets the library train on more customers than it is fit for. */
  readonly isEngineForced: boolean;
}

/** How the same kind of model, fitted one prediction window earlier, did on months that it had not seen. */
export interface Baseline extends ForecastMetrics {
  /** RMSE of the mean of the earlier fit's labels, on the same customers: what knowing nothing reaches. */
  readonly rmseOfMean: number;
}

/** The customers of the final fit, and what the earlier fit, which had not seen their labels, predicted for them. */
export interface MeasuredPopulation {
  readonly matrix: FeatureMatrix;
  readonly labels: Float64Array<SharedArrayBuffer>;
  readonly predictions: Float64Array;
  /** The mean of the earlier fit's labels, in currency: what it would predict for everybody, knowing nothing. */
  readonly meanOfEarlierFit: number;
}

/** Below this many customers neither a fit nor a measurement says anything. */
const MIN_CUSTOMERS = 20;

type FitContext = Pick<WorkContext, 'pool' | 'signal' | 'progress'>;

/** What a forest is fitted or measured on. */
export interface LabelledCustomers extends CustomerFeatures {
  readonly labels: Float64Array<SharedArrayBuffer>;
}

/**
 * Fits one prediction window before the plan's cutoff, measures at the cutoff, then fits again at the cutoff on
 * everything. Throws ClvError `TOO_FEW_CUSTOMERS`, and `ML_RANDOM_FOREST_TOO_SLOW` for that engine on a large shop.
 */
export async function fitAndMeasure(
  book: OrderBook,
  plan: TrainingPlan,
  settings: FitSettings,
  context: FitContext,
): Promise<{ trained: TrainedForest; baseline: Baseline; measured: MeasuredPopulation }> {
  const { pool, signal } = context;
  const earlier = await labelledCustomers(book, plan.baselineCutoff, settings);
  const now = await labelledCustomers(book, plan.cutoff, settings);
  const { forest: unseen } = await fitForest(
    earlier,
    settings,
    { outOfBag: false, from: 0.3, doing: `fitting at ${plan.baselineCutoff}` },
    context,
  );
  const predicted = await predictForest(pool, unseen, now.matrix, { signal });
  const metrics = evaluateForecast(predicted, now.labels);
  const mean = earlier.labels.reduce((sum, value) => sum + value, 0) / earlier.labels.length;
  const { rmse: rmseOfMean } = evaluateForecast(new Float64Array(now.labels.length).fill(mean), now.labels);
  const trained = await fitForest(
    now,
    settings,
    { outOfBag: true, from: 0.6, doing: `fitting at ${plan.cutoff}` },
    context,
  );
  return {
    trained,
    baseline: { ...metrics, rmseOfMean },
    measured: {
      matrix: now.matrix,
      labels: now.labels,
      predictions: predicted,
      meanOfEarlierFit: mean,
    },
  };
}

/**
 * Grows a forest with the engine of the settings; tells its progress from the share `from` on, over three tenths of the
 * job. Throws ClvError `ML_RANDOM_FOREST_TOO_SLOW` for that engine on a large shop.
 */
export async function fitForest(
  { matrix, labels }: LabelledCustomers,
  { params, engine, isEngineForced: isForced }: FitSettings,
  { outOfBag, from, doing }: { readonly outOfBag: boolean; readonly from: number; readonly doing: string },
  { pool, signal, progress }: FitContext,
): Promise<TrainedForest> {
  if (engine === 'ml-random-forest') {
    progress(from, doing);
    const task = { matrix, target: labels, params, isForced };
    return { forest: await pool.run('trainWithMlRandomForest', task, signal), outOfBag: undefined };
  }
  return trainForest(pool, matrix, labels, params, {
    signal,
    outOfBag,
    onProgress: (done, total) => progress(from + (0.3 * done) / total, `${doing}: ${done} of ${total} trees`),
  });
}

/** The customers at a cutoff with features and labels. Throws ClvError `TOO_FEW_CUSTOMERS`. */
export async function labelledCustomers(
  book: OrderBook,
  cutoff: IsoDate,
  settings: Pick<FitSettings, 'historyMonths' | 'predMonths'>,
): Promise<LabelledCustomers> {
  const history = historyWindow(cutoff, settings.historyMonths);
  const features = await book.features(history);
  if (features.matrix.rows < MIN_CUSTOMERS) {
    throw new ClvError(
      'TOO_FEW_CUSTOMERS',
      `Only ${features.matrix.rows} customers have an order in the ${settings.historyMonths} months before ${cutoff}; at least ${MIN_CUSTOMERS} are needed.`,
      {
        remedy: 'Take a longer history, another cutoff, or more orders.',
        values: { cutoff, customers: features.matrix.rows },
      },
    );
  }
  return { ...features, labels: await book.revenue(history, predictionWindow(cutoff, settings.predMonths)) };
}
