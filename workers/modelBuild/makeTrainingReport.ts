import type { NamedForecast } from '../../src/domain/evaluation/measuredForecasts.ts';
import type { TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import type { TrainingReport } from '../../src/domain/evaluation/trainingReport.ts';
import { columnOf } from '../../src/domain/features/matrix.ts';
import { CONTENDERS } from '../../src/domain/forecast/contenders/contender.ts';
import type { RivalComparison } from '../../src/registry/contest.ts';
import { type TrainingReportImage, trainingReportImage } from '../../src/registry/trainingReportFiles.ts';
import type { WorkContext } from '../processor.ts';
import { CHAMPION } from './compareWithRivals.ts';
import type { FittedModel, MeasuredFit } from './fitAndMeasure.ts';
import type { Recipe } from './recipeOf.ts';

/**
 * The report of a training, the model's forecast against its rivals', and its figures. Nothing is written yet.
 *
 * @param bestRival how the model did against the rival with the least RMSE.
 */
export async function makeTrainingReport(
  { measured, forecaster }: Pick<FittedModel, 'measured' | 'forecaster'>,
  plan: TrainingPlan,
  recipe: Recipe,
  bestRival: RivalComparison | null,
  { pool, signal }: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<{ readonly image: TrainingReportImage; readonly report: TrainingReport }> {
  const heading = {
    modelId: recipe.modelId,
    historyMonths: recipe.historyMonths,
    predMonths: recipe.predMonths,
    fitCutoff: plan.baselineCutoff,
    measuredCutoff: plan.cutoff,
    season: forecaster.season,
    totalBounds: measured.totalBounds,
    hasFullHistory: plan.hasFullBaselineHistory,
    bestRival,
  };
  const { matrix, labels } = measured.customers;
  const forecasts = {
    actual: labels,
    tenureDays: columnOf(matrix, 'tenure_days'),
    orders: columnOf(matrix, 'revenue_count'),
    forecasts: forecastsOf(measured),
  };
  const { html, csv, report } = await pool.run('drawTrainingReportTask', { forecasts, heading }, signal);
  return { image: trainingReportImage(recipe.modelId, { html, csv }), report };
}

function forecastsOf({ champion, contenders }: MeasuredFit): NamedForecast[] {
  const meanings = new Map<string, string>(CONTENDERS.map(({ name, meaning }) => [name, meaning]));
  return [
    { name: CHAMPION, description: 'The model of this training.', predicted: champion, isChosen: true },
    ...contenders.map(({ name, predicted }) => ({
      name,
      description: meanings.get(name) ?? name,
      predicted,
      isChosen: false,
    })),
  ];
}
