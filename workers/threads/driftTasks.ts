import {
  measureWithoutOutliers,
  type WithoutOutliers,
} from '../../src/domain/evaluation/measureWithoutOutliers.ts';
import { evaluateForecast, type ForecastMetrics } from '../../src/domain/evaluation/metrics.ts';
import type { UnseenForecast } from '../../src/domain/forecast/combination/unseenForecast.ts';
import { poolTask } from './taskAnswer.ts';

/** Measures predictions against what came of them. */
export const measureForecastTask = poolTask(
  ({ predicted, actual }: UnseenForecast): ForecastMetrics => evaluateForecast(predicted, actual),
);

/** The same without outliers; null where there are none. */
export const measureWithoutOutliersTask = poolTask(
  ({ predicted, actual }: UnseenForecast): WithoutOutliers | null =>
    measureWithoutOutliers(predicted, actual),
);
