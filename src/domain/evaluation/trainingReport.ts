import { ClvError } from '../errors.ts';
import { actualByPrediction } from './actualByPrediction.ts';
import { calibrationByDecile, type Decile } from './calibrationByDecile.ts';
import { errorByGroup, type GroupError, groupIndices, ORDER_GROUPS, TENURE_GROUPS } from './errorByGroup.ts';
import { GAIN_POINTS, gainCurve } from './gainCurve.ts';
import type { MeasuredForecasts, NamedForecast } from './measuredForecasts.ts';
import { measureWithoutOutliers, type WithoutOutliers } from './measureWithoutOutliers.ts';
import { evaluateSorted, type ForecastMetrics } from './metrics.ts';
import { netRevenue } from './netRevenue.ts';
import { sortedValues } from './sortedValues.ts';

/** The point of a gain curve that belongs to the best tenth of the customers. */
const TOP_DECILE = (GAIN_POINTS - 1) / 10;

/** How one forecast did. */
export interface ForecastReport {
  readonly name: string;
  readonly description: string | null;
  readonly isChosen: boolean;
  readonly metrics: ForecastMetrics;
  /**
   * Share of all revenue that the tenth of the customers with the highest predictions brought; null without revenue.
   */
  readonly topDecileCapture: number | null;
  /** At every whole per cent of the customers; null without revenue. See `gainCurve`. */
  readonly gain: readonly number[] | null;
  readonly deciles: readonly Decile[];
  readonly byTenure: readonly GroupError[];
  readonly byOrders: readonly GroupError[];
}

/** How the forecasts of a training did, on the same customers and months. Plain data, fit for JSON. */
export interface TrainingReport {
  readonly customers: number;
  /** Net revenue of all customers in the measured months, in currency. */
  readonly revenue: number;
  /** The gain curve of a perfect forecast, which no other can exceed. Null without revenue. */
  readonly perfectGain: readonly number[] | null;
  /** How the chosen one did without outliers; null where there are none. */
  readonly withoutOutliers: WithoutOutliers | null;
  /** The chosen one first, then by RMSE. */
  readonly forecasts: readonly [ForecastReport, ...ForecastReport[]];
}

/**
 * Measures all forecasts of a training. Each array is sorted once. Throws ClvError `FORECAST_NOT_FINITE` for a value
 * that is not a number, `METRICS_EMPTY` for no customers, and RangeError where lengths differ, names repeat, or not
 * exactly one forecast is chosen.
 */
export function trainingReport({ actual, tenureDays, orders, forecasts }: MeasuredForecasts): TrainingReport {
  const chosen = demandUsable({ actual, tenureDays, orders, forecasts });
  const byActual = sortedValues(actual);
  const revenue = netRevenue(actual);
  const tenureGroups = groupIndices(tenureDays, TENURE_GROUPS);
  const orderGroups = groupIndices(orders, ORDER_GROUPS);
  const reports = forecasts.map(({ name, description = null, predicted, isChosen }): ForecastReport => {
    const byPrediction = sortedValues(predicted);
    const ranked = actualByPrediction(byPrediction, actual);
    const gain = gainCurve(ranked, revenue);
    return {
      name,
      description,
      isChosen,
      metrics: evaluateSorted(byPrediction, byActual),
      topDecileCapture: gain?.[TOP_DECILE] ?? null,
      gain,
      deciles: calibrationByDecile(byPrediction, ranked, revenue),
      byTenure: errorByGroup(predicted, actual, tenureGroups, TENURE_GROUPS),
      byOrders: errorByGroup(predicted, actual, orderGroups, ORDER_GROUPS),
    };
  });
  reports.sort((a, b) => Number(b.isChosen) - Number(a.isChosen) || a.metrics.rmse - b.metrics.rmse);
  return {
    customers: actual.length,
    revenue,
    perfectGain: gainCurve(actualByPrediction(byActual, actual), revenue),
    withoutOutliers: measureWithoutOutliers(chosen.predicted, actual),
    forecasts: reports as [ForecastReport, ...ForecastReport[]],
  };
}

/** Gives the chosen forecast. */
function demandUsable({ actual, tenureDays, orders, forecasts }: MeasuredForecasts): NamedForecast {
  const chosen = forecasts.filter(({ isChosen }) => isChosen);
  if (chosen.length !== 1) throw new RangeError(`${chosen.length} forecasts are chosen; it must be one.`);
  if (new Set(forecasts.map(({ name }) => name)).size < forecasts.length)
    throw new RangeError(`Two forecasts have one name: ${forecasts.map(({ name }) => name).join(', ')}.`);
  const columns: readonly Pick<NamedForecast, 'name' | 'predicted'>[] = [
    { name: 'the actual revenue', predicted: actual },
    { name: 'the tenure', predicted: tenureDays },
    { name: 'the number of orders', predicted: orders },
    ...forecasts,
  ];
  for (const { name, predicted } of columns) {
    if (predicted.length !== actual.length)
      throw new RangeError(`${predicted.length} values of ${name} for ${actual.length} customers.`);
    const row = predicted.findIndex((value) => !Number.isFinite(value));
    if (row >= 0)
      throw new ClvError(
        'FORECAST_NOT_FINITE',
        `${name} is ${predicted[row]} for customer number ${row + 1}.`,
        {
          remedy: 'A forecast has to give every customer a number: mend what made it, then train again.',
          values: { name, row, value: predicted[row] },
        },
      );
  }
  return chosen[0];
}
