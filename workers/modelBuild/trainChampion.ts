import { trainChampion } from '../../queues/modelBuild.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { ModelConfig } from '../../src/config/schema.ts';
import { compareAndSet } from '../../src/config/updateConfig.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import { planTraining, type TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import { completeForestParams, type ForestParams } from '../../src/domain/forest/params.ts';
import { deployChampion } from '../../src/registry/champion.ts';
import { codeCommit } from '../../src/registry/codeCommit.ts';
import { writeForest } from '../../src/registry/forestFile.ts';
import { type ModelCard, writeCard } from '../../src/registry/modelCard.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { processorOf } from '../processor.ts';
import { type Baseline, fitAndMeasure } from './fitAndMeasure.ts';

/** Trains a model at a cutoff whose labels are complete, writes binary, card and baseline, and makes it the champion. */
export const trainChampionProcessor = processorOf(trainChampion, async (request, context) => {
  const { home, clock, pool, log, progress } = context;
  const config = await loadConfig(home);
  const historyMonths = request.historyMonths ?? config.modeling.history_months;
  const predMonths = request.predMonths ?? config.modeling.pred_months;
  const { engine } = config.modeling;
  const params = completeForestParams(forestParams(config));
  progress(0.05, 'reading orders');
  const book = await openOrders({ home, clock, threads: pool.threads }, config, request.orders);
  try {
    const { report, dataEnd } = book;
    const plan = planTraining(
      request.cutoff,
      { historyMonths, predMonths },
      { firstDate: report.firstDate, dataEnd },
    );
    progress(0.2, 'computing features and labels');
    const { trained, baseline } = await fitAndMeasure(
      book,
      plan,
      { historyMonths, predMonths, params, engine, isEngineForced: config.modeling.force_engine },
      context,
    );
    progress(0.95, 'writing the model');
    const trainingWindow = {
      start: historyWindow(plan.cutoff, historyMonths).start,
      end: predictionWindow(plan.cutoff, predMonths).end,
    };
    const card: ModelCard = {
      model_id: request.modelId,
      created_at: new Date(clock.now()).toISOString(),
      code_commit: await codeCommit(process.env),
      cutoff: plan.cutoff,
      history_months: historyMonths,
      pred_months: predMonths,
      training_window: trainingWindow,
      hyper_parameters: { engine, ...params },
      seed: params.seed,
      features: [...trained.forest.featureNames],
      data: await book.fingerprint(trainingWindow),
      metrics: { out_of_time: outOfTime(plan, baseline), out_of_bag: trained.outOfBag?.metrics ?? null },
      forest: await writeForest(home, request.modelId, trained.forest),
      status: 'champion',
    };
    await writeCard(home, card);
    await deployChampion(home, card, {
      by: 'clv train',
      note: 'deployed without a gate',
      at: card.created_at,
    });
    // The first champion of a home also says where scoring begins: the day after the last order.
    const isFirstCutoff = await compareAndSet(home, ['run', 'last_score_cutoff'], null, dataEnd);
    if (!plan.hasFullBaselineHistory) {
      log.warn(
        { modelId: card.model_id, fit: plan.baselineCutoff, firstDate: report.firstDate },
        'the baseline was fitted on a shorter history than the model: the orders begin too late',
      );
    }
    return {
      model_id: card.model_id,
      cutoff: plan.cutoff,
      first_score_cutoff: isFirstCutoff ? dataEnd : null,
      orders: report,
      ...card.metrics,
    };
  } finally {
    book.close();
  }
});

function forestParams({ modeling: { forest, seed } }: ModelConfig): Partial<ForestParams> {
  return {
    trees: forest.trees,
    maxDepth: forest.max_depth,
    minSamplesLeaf: forest.min_samples_leaf,
    mtry: forest.features_per_split === 1 ? 'all' : forest.features_per_split,
    maxBins: forest.max_bins,
    seed,
  };
}

function outOfTime(
  plan: TrainingPlan,
  { rmseOfMean, ...metrics }: Baseline,
): ModelCard['metrics']['out_of_time'] {
  return {
    ...metrics,
    fit_cutoff: plan.baselineCutoff,
    measured_cutoff: plan.cutoff,
    has_full_history: plan.hasFullBaselineHistory,
    rmse_of_mean: rmseOfMean,
  };
}
