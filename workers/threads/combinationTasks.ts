import type { OriginForecasts } from '../../src/domain/forecast/combination/learnStack.ts';
import {
  type Combination,
  type CombinedForecast,
  type CombineFor,
  combine,
  type EvaluatedOrigin,
  forecastCombined,
  type Rivals,
  rivalsAt,
} from '../../src/domain/forecast/combine.ts';
import { poolTask } from './taskAnswer.ts';

/** Learns how contenders are put together; see `combine`. */
export const combineTask = poolTask(
  (task: {
    readonly origins: readonly EvaluatedOrigin[];
    readonly single: number | null;
    readonly for: CombineFor;
  }): Combination => combine(task.origins, task.single, task.for),
);

/** The best single contender and the stack at the latest origin; see `rivalsAt`. */
export const findRivalsTask = poolTask(
  (task: { readonly latest: OriginForecasts; readonly older: readonly OriginForecasts[] }): Rivals =>
    rivalsAt(task.latest, task.older),
);

/** What a combination makes of an origin that it did not know; see `forecastCombined`. */
export const forecastCombinedTask = poolTask(
  (task: { readonly combination: Combination; readonly origin: EvaluatedOrigin }): CombinedForecast =>
    forecastCombined(task.combination, task.origin),
);
