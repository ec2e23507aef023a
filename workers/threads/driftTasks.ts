import { evaluateForecast, type ForecastMetrics } from '../../src/domain/evaluation/metrics.ts';
import {
  measureWithoutOutliers,
  type WithoutOutliers,
} from '../../src/domain/forecast/measureWithoutOutliers.ts';
import { poolTask } from './taskAnswer.ts';

interface Forecast {
  /** In currency, one entry a customer. */
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** Measures predictions against what came of them. */
export const measureForecastTask = poolTask(
  ({ predicted, actual }: Forecast): ForecastMetrics => evaluateForecast(predicted, actual),
);

/** The same without outliers; null where there are none. */
export const measureWithoutOutliersTask = poolTask(
  ({ predicted, actual }: Forecast): WithoutOutliers | null => measureWithoutOutliers(predicted, actual),
);
