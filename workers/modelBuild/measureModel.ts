import type { IsoDate } from '../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import { evaluateForecast } from '../../src/domain/evaluation/metrics.ts';
import type { TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { gainImportance } from '../../src/domain/forest/gainImportance.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { type ModelImage, modelImage } from '../../src/registry/modelBinary.ts';
import type { ModelCard } from '../../src/registry/modelCard.ts';
import { type ReferenceImage, referenceImage } from '../../src/registry/populationReference.ts';
import type { TrainingReportImage } from '../../src/registry/trainingReportFiles.ts';
import type { WorkContext } from '../processor.ts';
import { describeContest } from './describeContest.ts';
import { fitAndMeasure } from './fitAndMeasure.ts';
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
  // In-sample predictions follow the labels that they were fitted to, so that every later run would look different.
  const reference = referenceImage({
    model_id: recipe.modelId,
    predictions_from: outOfBag === undefined ? 'baseline' : 'out-of-bag',
    variables: await context.pool.run(
      'describePopulationTask',
      { matrix: measured.customers.matrix, predictions: outOfBag?.predictions ?? measured.champion },
      context.signal,
    ),
  });
  context.progress(0.9, 'measuring');
  const { image: reportImage, report } = await makeTrainingReport(measured, plan, recipe, context);
  const { metrics } = report.forecasts[0];
  const mean = measured.contenders.find(({ name }) => name === 'mean')?.predicted as Float64Array;
  return {
    image,
    reference,
    report: reportImage,
    facts: {
      ...(await fingerprintsOf(book, plan, recipe)),
      features: [...measured.customers.matrix.featureNames],
      metrics: {
        out_of_time: {
          ...metrics,
          fit_cutoff: plan.baselineCutoff,
          measured_cutoff: plan.cutoff,
          has_full_history: plan.hasFullBaselineHistory,
          rmse_of_mean: evaluateForecast(mean, measured.customers.labels).rmse,
        },
        out_of_bag: outOfBag?.metrics ?? null,
      },
      contest: await describeContest(fitted, report, recipe.params.seed, context),
      forest: image.facts,
      reference: reference.facts,
      report: reportImage.facts,
      importances: importancesOf(forecaster),
    },
  };
}

/** The features that matter most to the model's forest. */
function importancesOf({ contenders }: Forecaster): ModelCard['importances'] {
  const contender = contenders.find(({ name }) => name === 'forest');
  if (contender === undefined || !('forest' in contender)) return [];
  const gains = gainImportance(contender.forest);
  return contender.forest.featureNames
    .map((feature, i) => ({ feature, gain: gains[i] }))
    .sort((a, b) => b.gain - a.gain)
    .slice(0, TOP_IMPORTANCES);
}

/** The orders that a model and its baseline are made of. */
export async function fingerprintsOf(
  book: OrderBook,
  plan: TrainingPlan,
  { historyMonths, predMonths, engine }: Pick<Recipe, 'historyMonths' | 'predMonths' | 'engine'>,
): Promise<
  { training_window: { start: IsoDate; end: IsoDate } } & Required<Pick<ModelCard, 'data' | 'baseline_data'>>
> {
  const end = predictionWindow(plan.cutoff, predMonths).end;
  const training_window = { start: historyWindow(plan.cutoff, historyMonths).start, end };
  // Contenders meet at every earlier origin, and purchase models count from the first order on.
  const start =
    engine === 'tournament' ? book.report.firstDate : historyWindow(plan.baselineCutoff, historyMonths).start;
  const baseline = { start, end };
  return {
    training_window,
    data: await book.fingerprint(training_window),
    baseline_data: await book.fingerprint(baseline),
  };
}
