import type { IsoDate } from '../../src/domain/calendar/dates.ts';
import { type DateWindow, historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import { rmseOf } from '../../src/domain/evaluation/metrics.ts';
import type { TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import type { TrainingReport } from '../../src/domain/evaluation/trainingReport.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { gainImportance } from '../../src/domain/forest/predicting/gainImportance.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { type ModelImage, modelImage } from '../../src/registry/modelBinary.ts';
import type { ModelCard } from '../../src/registry/modelCard.ts';
import { type ReferenceImage, referenceImage } from '../../src/registry/populationReference.ts';
import type { TrainingReportImage } from '../../src/registry/trainingReportFiles.ts';
import { measureImportances } from '../compute/measureImportances.ts';
import type { WorkContext } from '../processor.ts';
import { compareWithRivals } from './compareWithRivals.ts';
import { describeContest } from './describeContest.ts';
import { type FittedModel, fitAndMeasure } from './fitAndMeasure.ts';
import { makeTrainingReport } from './makeTrainingReport.ts';
import type { Recipe } from './recipeOf.ts';

/** A model that was fitted and measured: its binary, the reference of its training set, its report, and what its card says. */
export interface MeasuredModel {
  readonly image: ModelImage;
  readonly reference: ReferenceImage;
  readonly report: TrainingReportImage;
  readonly facts: Pick<
    ModelCard,
    | 'training_window'
    | 'data'
    | 'baseline_data'
    | 'features'
    | 'metrics'
    | 'contest'
    | 'forest'
    | 'reference'
    | 'report'
    | 'importances'
  >;
}

/** How many features the card names as the most important ones. */
const TOP_IMPORTANCES = 10;

/** Fits and measures by a recipe. The same orders, recipe and program give the same model, byte for byte. */
export async function measureModel(
  book: OrderBook,
  plan: TrainingPlan,
  recipe: Recipe,
  context: Pick<WorkContext, 'pool' | 'signal' | 'progress'>,
): Promise<MeasuredModel> {
  const fitted = await fitAndMeasure(book, plan, recipe, context);
  const { forecaster, measured, outOfBag } = fitted;
  const image = modelImage(recipe.modelId, forecaster);
  context.progress(0.9, 'measuring');
  const comparisons = await compareWithRivals(measured, recipe.params.seed, context);
  // Some of this is one task or one query, so it is done side by side.
  const [variables, { image: reportImage, report }, fingerprints, importances] = await Promise.all([
    context.pool.run(
      'describePopulationTask',
      { matrix: measured.customers.matrix, predictions: outOfBag?.predictions ?? measured.champion },
      context.signal,
    ),
    makeTrainingReport(fitted, plan, recipe, comparisons.best, context),
    fingerprintsOf(book, plan, recipe),
    importancesOf(fitted, recipe, context),
  ]);
  // In-sample predictions follow the labels that they were fitted to, so that every later run would look different.
  const reference = referenceImage({
    model_id: recipe.modelId,
    predictions_from: outOfBag === undefined ? 'baseline' : 'out-of-bag',
    variables,
  });
  const { metrics } = report.forecasts[0];
  const mean = measured.contenders.find(({ name }) => name === 'mean')?.predicted as Float64Array;
  return {
    image,
    reference,
    report: reportImage,
    facts: {
      ...fingerprints,
      features: [...measured.customers.matrix.featureNames],
      metrics: {
        out_of_time: {
          ...metrics,
          fit_cutoff: plan.baselineCutoff,
          measured_cutoff: plan.cutoff,
          has_full_history: plan.hasFullBaselineHistory,
          rmse_of_mean: rmseOf(mean, measured.customers.labels),
        },
        out_of_bag: outOfBag?.metrics ?? null,
        without_outliers: await withoutOutliers(book, plan, recipe, report),
      },
      contest: describeContest(fitted, report, comparisons),
      forest: image.facts,
      reference: reference.facts,
      report: reportImage.facts,
      importances,
    },
  };
}

/** The metrics without outliers, which are named; undefined where there are none. */
async function withoutOutliers(
  book: OrderBook,
  plan: TrainingPlan,
  { historyMonths }: Recipe,
  { withoutOutliers: found }: TrainingReport,
): Promise<ModelCard['metrics']['without_outliers']> {
  if (found === null) return undefined;
  const { customerIds } = await book.features(historyWindow(plan.cutoff, historyMonths));
  return {
    ...found.metrics,
    outliers: found.outliers.map(({ row, ...amounts }) => ({ customer_id: customerIds[row], ...amounts })),
  };
}

/** The features without which a model of the same kind did worst, on the months that it had not seen. */
async function importancesOf(
  { forecaster, measured }: FittedModel,
  { params: { seed } }: Recipe,
  { pool, signal }: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<ModelCard['importances']> {
  const { model, customers } = measured;
  const importances = await measureImportances(pool, model, customers, { seed, signal });
  const gains = gainsOf(forecaster);
  return importances
    .sort((a, b) => b.rmseRise - a.rmseRise)
    .slice(0, TOP_IMPORTANCES)
    .map(({ feature, rmseRise, spread }) => ({
      feature,
      gain: gains.get(feature) ?? 0,
      rmse_rise: rmseRise,
      spread,
    }));
}

/** The share of each feature in what the model's forest of revenue explains. */
function gainsOf({ contenders }: Forecaster): ReadonlyMap<string, number> {
  const contender = contenders.find(({ name }) => name === 'forest');
  if (contender === undefined || !('forest' in contender)) return new Map();
  const gains = gainImportance(contender.forest);
  return new Map(contender.forest.featureNames.map((feature, i) => [feature, gains[i]]));
}

/** The orders that a model and its baseline are made of, those before the history that are looked back at as well. */
export async function fingerprintsOf(
  book: OrderBook,
  plan: TrainingPlan,
  recipe: Pick<Recipe, 'historyMonths' | 'predMonths' | 'features' | 'engine'>,
): Promise<
  { training_window: { start: IsoDate; end: IsoDate } } & Required<Pick<ModelCard, 'data' | 'baseline_data'>>
> {
  const { end } = predictionWindow(plan.cutoff, recipe.predMonths);
  const [history, earlier] = [plan.cutoff, plan.baselineCutoff].map((cutoff) =>
    historyWindow(cutoff, recipe.historyMonths),
  );
  // Contenders are evaluated at every earlier origin, and purchase models count from the first order on.
  const isAllRead = recipe.engine === 'tournament';
  const readFrom = (window: DateWindow): DateWindow => ({
    start: isAllRead ? book.report.firstDate : book.readWindow(window, recipe).start,
    end,
  });
  const data = await book.fingerprint(readFrom(history));
  return {
    training_window: { start: history.start, end },
    data,
    baseline_data: isAllRead ? data : await book.fingerprint(readFrom(earlier)),
  };
}
