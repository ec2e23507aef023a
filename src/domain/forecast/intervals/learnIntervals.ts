import type { RevenueDistributions } from '../../btyd/revenueDistributions.ts';
import { factorOfTotals, type UnseenForecast } from '../combination/unseenForecast.ts';
import { LEAST_FORECAST } from './conformal.ts';
import type { Intervals } from './intervals.ts';
import { learnLevels } from './learnLevels.ts';
import { learnRatios } from './learnRatios.ts';

/** What is known beside the forecasts of the origin. */
export interface LearnFor {
  /** The predictive distributions of the customers of the origin; null where there was no purchase model. */
  readonly distributions: RevenueDistributions | null;
  /** The window that will be forecast over that of the origin. */
  readonly windowRatio: number;
}

/**
 * Learns 80 % intervals from the latest origin by split conformal prediction, for groups of customers of like forecast
 * apart (Mondrian; Vovk, Gammerman and Shafer 2005), with the correction for a finite group. The forecasts are first
 * scaled to the origin's total, so that a season that one factor explains does not pass for the spread of customers.
 *
 * @param origin at least one customer.
 */
export function learnIntervals(origin: UnseenForecast, { distributions, windowRatio }: LearnFor): Intervals {
  const factor = factorOfTotals(origin);
  const scaled = {
    predicted: origin.predicted.map((value) => Math.max(value * factor, LEAST_FORECAST)),
    actual: origin.actual.map((value) => Math.max(0, value)),
  };
  return distributions === null ? learnRatios(scaled, windowRatio) : learnLevels(scaled, distributions);
}
