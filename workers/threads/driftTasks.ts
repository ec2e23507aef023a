import { evaluateForecast, type ForecastMetrics } from '../../src/domain/evaluation/metrics.ts';
import { poolTask } from './taskAnswer.ts';

/** Measures predictions against what came of them; one entry a customer. */
export const measureForecastTask = poolTask(
  (task: { readonly predicted: Float64Array; readonly actual: Float64Array }): ForecastMetrics =>
    evaluateForecast(task.predicted, task.actual),
);
