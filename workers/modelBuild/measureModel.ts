import type { IsoDate } from '../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import type { TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import { gainImportance } from '../../src/domain/forest/gainImportance.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { type ForestImage, forestImage } from '../../src/registry/forestFile.ts';
import type { ModelCard } from '../../src/registry/modelCard.ts';
import { type ReferenceImage, referenceImage } from '../../src/registry/populationReference.ts';
import type { TrainingReportImage } from '../../src/registry/trainingReportFiles.ts';
import type { WorkContext } from '../processor.ts';
import { fitAndMeasure } from './fitAndMeasure.ts';
import { makeTrainingReport } from './makeTrainingReport.ts';
import type { Recipe } from './recipeOf.ts';

/** A model that was fitted and measured: its binary, the reference of its training set, its report, and what its card says. */
export interface MeasuredModel {
  readonly image: ForestImage;
  readonly reference: ReferenceImage;
  readonly report: TrainingReportImage;
  readonly facts: Pick<
    ModelCard,
    | 'training_window'
    | 'data'
    | 'baseline_data'
    | 'features'
    | 'metrics'
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
  const { trained, baseline, measured } = await fitAndMeasure(book, plan, recipe, context);
  const { rmseOfMean, ...metrics } = baseline;
  const image = forestImage(recipe.modelId, trained.forest);
  const gains = gainImportance(trained.forest);
  // In-sample predictions follow the labels that they were fitted to, so that every later run would look different.
  const { outOfBag } = trained;
  const reference = referenceImage({
    model_id: recipe.modelId,
    predictions_from: outOfBag === undefined ? 'baseline' : 'out-of-bag',
    variables: await context.pool.run(
      'describePopulationTask',
      { matrix: measured.matrix, predictions: outOfBag?.predictions ?? measured.predictions },
      context.signal,
    ),
  });
  const report = await makeTrainingReport(measured, plan, recipe, context);
  return {
    image,
    reference,
    report,
    facts: {
      ...(await fingerprintsOf(book, plan, recipe)),
      features: [...trained.forest.featureNames],
      metrics: {
        out_of_time: {
          ...metrics,
          fit_cutoff: plan.baselineCutoff,
          measured_cutoff: plan.cutoff,
          has_full_history: plan.hasFullBaselineHistory,
          rmse_of_mean: rmseOfMean,
        },
        out_of_bag: trained.outOfBag?.metrics ?? null,
      },
      forest: image.facts,
      reference: reference.facts,
      report: report.facts,
      importances: trained.forest.featureNames
        .map((feature, i) => ({ feature, gain: gains[i] }))
        .sort((a, b) => b.gain - a.gain)
        .slice(0, TOP_IMPORTANCES),
    },
  };
}

/** The orders that a model and its baseline are made of. */
export async function fingerprintsOf(
  book: OrderBook,
  plan: TrainingPlan,
  { historyMonths, predMonths }: Pick<Recipe, 'historyMonths' | 'predMonths'>,
): Promise<
  { training_window: { start: IsoDate; end: IsoDate } } & Required<Pick<ModelCard, 'data' | 'baseline_data'>>
> {
  const end = predictionWindow(plan.cutoff, predMonths).end;
  const training_window = { start: historyWindow(plan.cutoff, historyMonths).start, end };
  const baseline = { start: historyWindow(plan.baselineCutoff, historyMonths).start, end };
  return {
    training_window,
    data: await book.fingerprint(training_window),
    baseline_data: await book.fingerprint(baseline),
  };
}
