import { evenRows } from '../features/evenRows.ts';
import { allocateMatrix, type FeatureMatrix } from '../features/matrix.ts';
import { Random } from '../random.ts';
import { BTYD_FEATURES } from './contenders/btydFeatures.ts';
import { type ModelOfWindow, modelForecast, PURCHASE_MODEL } from './modelForecast.ts';

/** What one feature adds to the forecast of a customer, in currency. */
export interface Contribution {
  /** The name of the feature, or `btyd` for all that the purchase model says. */
  readonly feature: string;
  /** Its value for the customer: NaN where it is missing; of `btyd` the purchase model's forecast. */
  readonly value: number;
  readonly contribution: number;
}

/** How the forecast of a customer comes about: `typical` and all contributions add up to `forecast`, up to rounding. */
export interface ForecastExplanation {
  /** Of the customer, in currency. */
  readonly forecast: number;
  /** Mean forecast of the customers that this one was held against. */
  readonly typical: number;
  /** Largest first, whatever the sign. */
  readonly contributions: readonly Contribution[];
}

/** How many customers one is held against, at most. */
const HELD_AGAINST = 200;

/**
 * Divides the difference between the forecast of a customer and that of others among the features. Beginning as another
 * customer, one turns feature by feature, in random order, into this one; what the forecast changes by at each step is
 * credited to its feature, and the mean is taken over other customers, evenly spread (Shapley values by sampling,
 * Štrumbelj and Kononenko 2014). The purchase model reads orders and no features, so all that it says is one step.
 *
 * @param matrix the features of all customers, and behind them the BTYD features.
 * @param base what the purchase model forecasts of each, in currency, season aside.
 * @param row of the customer. @param seed of the orders of the steps.
 */
export function explainForecast(
  model: ModelOfWindow,
  matrix: FeatureMatrix,
  base: Float64Array,
  row: number,
  seed: number,
): ForecastExplanation {
  const steps = stepsOf(matrix);
  const others = evenRows(matrix.rows, HELD_AGAINST);
  const length = steps.length + 1;
  const mixed = allocateMatrix(matrix.featureNames, others.length * length);
  const mixedBase = new Float64Array(mixed.rows);
  const random = new Random(seed);
  const orders = Array.from(others, () => shuffled(steps.length, random));
  others.forEach((other, k) => {
    const from = new Uint32Array(steps.length).fill(other);
    for (let i = 0; i < length; i++) {
      const at = k * length + i;
      if (i > 0) from[orders[k][i - 1]] = row;
      steps.forEach(({ columns, isPurchases }, step) => {
        for (const column of columns)
          mixed.values[column * mixed.rows + at] = matrix.values[column * matrix.rows + from[step]];
        if (isPurchases) mixedBase[at] = base[from[step]];
      });
    }
  });
  const forecasts = modelForecast(model, mixed, mixedBase);
  const sums = new Float64Array(steps.length);
  let typical = 0;
  orders.forEach((order, k) => {
    typical += forecasts[k * length] / orders.length;
    order.forEach((step, i) => {
      sums[step] += forecasts[k * length + i + 1] - forecasts[k * length + i];
    });
  });
  const contributions = steps.map(({ feature, columns, isPurchases }, step) => ({
    feature,
    value: isPurchases ? base[row] : matrix.values[columns[0] * matrix.rows + row],
    contribution: sums[step] / orders.length,
  }));
  return {
    forecast: forecasts[length - 1],
    typical,
    contributions: contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
}

interface Step {
  readonly feature: string;
  /** The columns of the matrix that belong to it. */
  readonly columns: readonly number[];
  readonly isPurchases: boolean;
}

/** The features that stand alone, one a step, and what the purchase model says as the last. */
function stepsOf({ featureNames }: FeatureMatrix): Step[] {
  const ofPurchases = new Set<string>(BTYD_FEATURES.map(({ name }) => name));
  const places = [...featureNames.keys()];
  const own = places.filter((place) => !ofPurchases.has(featureNames[place]));
  return [
    ...own.map((place) => ({ feature: featureNames[place], columns: [place], isPurchases: false })),
    {
      feature: PURCHASE_MODEL,
      columns: places.filter((place) => ofPurchases.has(featureNames[place])),
      isPurchases: true,
    },
  ];
}

/** The numbers from 0 up to, not including, `size` in random order (Fisher and Yates). */
function shuffled(size: number, random: Random): number[] {
  const numbers = Array.from({ length: size }, (_, i) => i);
  for (let last = size - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [numbers[last], numbers[other]] = [numbers[other], numbers[last]];
  }
  return numbers;
}
