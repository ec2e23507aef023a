import { type TrainingRequest, trainChampion } from '../../queues/modelBuild.ts';
import { eligibilityLimits } from '../../src/config/gridSearchSettings.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { ModelConfig } from '../../src/config/schema.ts';
import { compareAndSet } from '../../src/config/updateConfig.ts';
import { dateInZone } from '../../src/domain/calendar/dates.ts';
import { predictionWindow } from '../../src/domain/calendar/windows.ts';
import { demandEligible, eligibilityRecord } from '../../src/domain/eligibility/eligibility.ts';
import { planTraining, type TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import { chooseFeatures } from '../../src/domain/features/chooseFeatures.ts';
import { shiftSays } from '../../src/domain/forecast/season/shiftSays.ts';
import { completeForestParams, type ForestParams } from '../../src/domain/forest/params.ts';
import { completeSignature, demandMayTrainAndSign } from '../../src/domain/governance/signature.ts';
import type { OrdersReport } from '../../src/orders/report.ts';
import { codeCommit } from '../../src/registry/codeCommit.ts';
import { ChampionChangedError, decideOnModel } from '../../src/registry/decideOnModel.ts';
import { demandBinary, writeBinary } from '../../src/registry/modelBinary.ts';
import { type ModelCard, readCard, writeCard } from '../../src/registry/modelCard.ts';
import { writeReference } from '../../src/registry/populationReference.ts';
import { programVersions } from '../../src/registry/programVersions.ts';
import { readRegistry } from '../../src/registry/registryState.ts';
import { writeTrainingReport } from '../../src/registry/trainingReportFiles.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { readEligibility } from '../../src/shop/readEligibility.ts';
import { processorOf, type WorkContext } from '../processor.ts';
import { measureModel } from './measureModel.ts';
import type { Recipe } from './recipeOf.ts';

interface Training {
  readonly card: ModelCard;
  /** Null where the model had been trained by an attempt before this one. */
  readonly orders: OrdersReport | null;
  readonly firstScoreCutoff: string | null;
}

/**
 * Trains a candidate at a cutoff whose labels are complete: binary first, card last. Where the request carries a
 * signature, the candidate is signed off at once. A second attempt takes up what the first left.
 */
export const trainChampionProcessor = processorOf(trainChampion, async (request, context) => {
  const { home } = context;
  const config = await loadConfig(home);
  if (request.signOff !== null) {
    demandMayTrainAndSign(config.governance.distinct_approvers);
    completeSignature(request.signOff);
  }
  const training = (await trainedBefore(request, context)) ?? (await train(request, config, context));
  const { card } = training;
  const isOpen = (await readRegistry(home)).statusOf(card.model_id) === 'candidate';
  const leftOpen =
    request.signOff !== null && isOpen ? await signOff(card, request.signOff, config, context) : null;
  const registry = await readRegistry(home);
  const shift = card.contest?.tournament?.season?.shift ?? null;
  return {
    model_id: card.model_id,
    status: registry.statusOf(card.model_id),
    champion: registry.championId,
    ...(leftOpen !== null && { left_open: leftOpen }),
    cutoff: card.cutoff,
    code_commit: card.code_commit,
    first_score_cutoff: training.firstScoreCutoff,
    orders: training.orders,
    report: card.report ?? null,
    loses_to: card.contest?.loses_to.map(({ says }) => says) ?? [],
    level_shift: shift && shiftSays(shift),
    ...card.metrics,
  };
});

/**
 * Signs the model off, as was asked for with its training; null where that was done. A job whose process died may be taken
 * up long after, when another champion serves: then the model stays a candidate, and this says why.
 */
async function signOff(
  card: ModelCard,
  signature: NonNullable<TrainingRequest['signOff']>,
  config: ModelConfig,
  { home, clock, log }: WorkContext,
): Promise<string | null> {
  try {
    await decideOnModel(
      home,
      { gate: 'train-and-sign', modelId: card.model_id, decision: 'approve', ...signature },
      { distinctApprovers: config.governance.distinct_approvers, nowMs: clock.now() },
    );
    return null;
  } catch (error) {
    if (!(error instanceof ChampionChangedError)) throw error;
    log.warn(
      { modelId: card.model_id, ...error.values },
      'the model was not signed off: the champion changed',
    );
    return `${error.message} ${error.remedy}`;
  }
}

/** What an attempt before this one, whose process died, had finished. */
async function trainedBefore({ modelId }: TrainingRequest, { home }: WorkContext): Promise<Training | null> {
  try {
    const card = await readCard(home, modelId);
    await demandBinary(home, card);
    return { card, orders: null, firstScoreCutoff: null };
  } catch {
    return null;
  }
}

async function train(request: TrainingRequest, config: ModelConfig, context: WorkContext): Promise<Training> {
  const { home, clock, pool, log, progress } = context;
  const recipe = recipeFor(request, config);
  const { historyMonths, predMonths, params } = recipe;
  progress(0.05, 'reading orders');
  using book = await openOrders({ home, clock, threads: pool.threads }, config, request.orders);
  const { report, dataEnd } = book;
  const planned = (): TrainingPlan =>
    planTraining(request.cutoff, recipe, { firstDate: report.openingDate, dataEnd });
  // A cutoff that a person chose may be of years ago: the orders up to its last label count, whatever their age.
  const isChosen = request.cutoff !== null;
  const findings = await readEligibility(
    book,
    eligibilityLimits(config),
    Math.max(historyMonths, predMonths),
    isChosen ? null : dateInZone(clock.now(), config.general.timezone),
    isChosen ? predictionWindow(planned().cutoff, predMonths).end : dataEnd,
  );
  demandEligible(findings, request.overrideEligibility);
  const plan = planned();
  progress(0.2, 'computing features and labels');
  const { image, reference, report: reportImage, facts } = await measureModel(book, plan, recipe, context);
  progress(0.95, 'writing the model');
  const card: ModelCard = {
    model_id: request.modelId,
    created_at: new Date(clock.now()).toISOString(),
    code_commit: await codeCommit(process.env),
    cutoff: plan.cutoff,
    history_months: historyMonths,
    pred_months: predMonths,
    hyper_parameters: hyperParametersOf(recipe),
    seed: params.seed,
    ...facts,
    orders_source: request.orders ?? config.data.orders ?? undefined,
    search: request.search,
    eligibility: eligibilityRecord(findings, request.overrideEligibility),
    versions: await programVersions(),
    config: config as unknown as Record<string, unknown>,
    status: 'candidate',
  };
  await writeBinary(home, request.modelId, image);
  await writeReference(home, request.modelId, reference);
  await writeTrainingReport(home, request.modelId, reportImage);
  // The first model of a home also says where scoring begins: the day after the last order.
  const isFirstCutoff = await compareAndSet(home, ['run', 'last_score_cutoff'], null, dataEnd);
  await writeCard(home, card);
  if (card.code_commit === 'unknown') {
    log.warn(
      { modelId: card.model_id },
      'the commit of the program is unknown: set CLV_CODE_COMMIT where it does not run from a git checkout',
    );
  }
  if (findings.some((finding) => !finding.isMet)) {
    log.warn(
      { modelId: card.model_id, override: request.overrideEligibility },
      'trained on orders that are not eligible, as a person asked for',
    );
  }
  if (!plan.hasFullBaselineHistory) {
    log.warn(
      { modelId: card.model_id, fit: plan.baselineCutoff, firstDate: report.openingDate },
      'the baseline was fitted on a shorter history than the model: the orders begin too late',
    );
  }
  return { card, orders: report, firstScoreCutoff: isFirstCutoff ? dataEnd : null };
}

/** By what a request asks for, and by the config where it asks for nothing. */
function recipeFor(request: TrainingRequest, config: ModelConfig): Recipe {
  const { modeling } = config;
  return {
    modelId: request.modelId,
    historyMonths: request.historyMonths ?? modeling.history_months,
    predMonths: request.predMonths ?? modeling.pred_months,
    features: chooseFeatures(modeling.features),
    params: completeForestParams({ ...forestParams(config), ...request.hyperParameters }),
    engine: modeling.engine,
    isEngineForced: modeling.force_engine,
    winsorise: modeling.winsorise,
    levelShift: modeling.level_shift,
  };
}

/** What of a recipe stands on the card: no parameter that its engine does not ask for. */
function hyperParametersOf({ engine, winsorise, levelShift, params }: Recipe): ModelCard['hyper_parameters'] {
  const { leafQuantiles, ...others } = params;
  return {
    engine,
    ...(engine === 'tournament' ? { winsorise, levelShift } : {}),
    ...others,
    ...(engine === 'forest' ? { leafQuantiles } : {}),
  };
}

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
