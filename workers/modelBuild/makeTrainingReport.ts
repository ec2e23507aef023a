import type { MeasuredForecasts, NamedForecast } from '../../src/domain/evaluation/measuredForecasts.ts';
import type { TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import { columnOf } from '../../src/domain/features/matrix.ts';
import { naiveRateForecast } from '../../src/domain/gridsearch/naiveRate.ts';
import { type TrainingReportImage, trainingReportImage } from '../../src/registry/trainingReportFiles.ts';
import type { WorkContext } from '../processor.ts';
import type { MeasuredPopulation } from './fitAndMeasure.ts';
import type { Recipe } from './recipeOf.ts';

/** The report of a training: the model's forecast against those that need no model. Nothing is written yet. */
export async function makeTrainingReport(
  measured: MeasuredPopulation,
  plan: TrainingPlan,
  recipe: Recipe,
  { pool, signal }: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<TrainingReportImage> {
  const heading = {
    modelId: recipe.modelId,
    historyMonths: recipe.historyMonths,
    predMonths: recipe.predMonths,
    fitCutoff: plan.baselineCutoff,
    measuredCutoff: plan.cutoff,
    hasFullHistory: plan.hasFullBaselineHistory,
  };
  const forecasts = measuredForecasts(measured, forecastsOf(measured, recipe));
  return trainingReportImage(
    recipe.modelId,
    await pool.run('drawTrainingReportTask', { forecasts, heading }, signal),
  );
}

/** Forecasts of the measured customers with what is known of these. */
function measuredForecasts(
  { matrix, labels }: MeasuredPopulation,
  forecasts: readonly NamedForecast[],
): MeasuredForecasts {
  return {
    actual: labels,
    tenureDays: columnOf(matrix, 'tenure_days'),
    orders: columnOf(matrix, 'revenue_count'),
    forecasts,
  };
}

function forecastsOf(
  { matrix, predictions, meanOfEarlierFit }: MeasuredPopulation,
  recipe: Recipe,
): NamedForecast[] {
  return [
    {
      name: recipe.engine,
      description: 'the model of this training',
      predicted: predictions,
      isChosen: true,
    },
    {
      name: 'rate',
      description: 'each goes on spending as in the history',
      predicted: naiveRateForecast(matrix, recipe),
      isChosen: false,
    },
    {
      name: 'mean',
      description: 'the same for everybody',
      predicted: new Float64Array(matrix.rows).fill(meanOfEarlierFit),
      isChosen: false,
    },
  ];
}
