import type { RevenueDistributions } from '../btyd/revenueDistributions.ts';
import { largerOf, rowsWithoutOutliers } from '../evaluation/outliers.ts';
import { learnCalibration, type UnseenWindows } from './combination/learnCalibration.ts';
import {
  bestContender,
  beyondMeasured,
  learnStack,
  type OriginForecasts,
  onlyContender,
  stackEachUnseen,
} from './combination/learnStack.ts';
import { applyStack, type StackWeights } from './combination/stack.ts';
import { contenderIndex } from './contenders/contender.ts';
import { shareWithin } from './intervals/forecastIntervals.ts';
import { applyIntervals, type Intervals } from './intervals/intervals.ts';
import { learnIntervals } from './intervals/learnIntervals.ts';
import {
  boundsOfTotal,
  learnTotalSpread,
  type TotalBounds,
  type TotalSpread,
} from './intervals/totalSpread.ts';
import type { Season } from './season/season.ts';

/** An origin at which contenders forecast, with the predictive distributions of its customers; null without a purchase model. */
export interface EvaluatedOrigin extends OriginForecasts {
  readonly distributions: RevenueDistributions | null;
}

const RATE = contenderIndex('rate');

/** The origin without its outliers, who spent or spend many times what anybody else does (`rowsWithoutOutliers`). */
export function withoutOutliers(origin: EvaluatedOrigin): EvaluatedOrigin {
  const { actual, forecasts, distributions } = origin;
  const rows = rowsWithoutOutliers(largerOf(actual, forecasts[RATE]));
  if (rows === null) return origin;
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]);
  return {
    ...origin,
    actual: pick(actual),
    forecasts: forecasts.map(pick),
    distributions: distributions && {
      pPurchase: pick(distributions.pPurchase),
      logMean: pick(distributions.logMean),
      logDeviation: pick(distributions.logDeviation),
      expected: pick(distributions.expected),
    },
  };
}

/** How contenders are put together, and how sure the result is. */
export interface Combination {
  readonly stack: StackWeights;
  readonly calibration: number;
  /** Null where there was no origin to learn them from. */
  readonly intervals: Intervals | null;
  /** Null as before, and where nothing was forecast or nothing came. */
  readonly totalSpread: TotalSpread | null;
}

/** What a combination is for. */
export interface CombineFor {
  /** Of the window that it will forecast. */
  readonly predMonths: number;
  /** What the forecasts of the origins follow; null where nobody knows one. */
  readonly season: Season | null;
}

/**
 * Learns how contenders are put together.
 *
 * @param origins latest first; may be empty. @param single the index of the contender that is taken alone; null for the
 * stack of all.
 */
export function combine(
  origins: readonly EvaluatedOrigin[],
  single: number | null,
  { predMonths, season }: CombineFor,
): Combination {
  const stack =
    single === null
      ? learnStack(origins, predMonths)
      : { ...onlyContender(single), beyond: beyondMeasured(origins, predMonths) };
  const stacked = single === null ? stackEachUnseen(origins) : origins.map((it) => it.forecasts[single]);
  const unseen = origins.map(({ actual }, i) => ({ predicted: stacked[i], actual }));
  const windows = windowsOf(origins, season);
  const calibration = bounded(learnCalibration(unseen, windows));
  return {
    stack,
    calibration,
    totalSpread: learnTotalSpread(unseen, windows, calibration),
    intervals:
      unseen.length === 0
        ? null
        : learnIntervals(unseen[0], {
            distributions: origins[0].distributions,
            windowRatio: predMonths / origins[0].predMonths,
          }),
  };
}

/**
 * Totals are multiplied by at most this, and divided by at most this. Where contenders missed the past by more, the shop had
 * changed (it had been closed, lost its customers, or raised its prices), and fits of today have seen that.
 */
const MOST_CORRECTION = 1.2;

function bounded(calibration: number): number {
  return Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, calibration));
}

/** One window follows the other. */
function windowsOf(origins: readonly OriginForecasts[], season: Season | null): UnseenWindows {
  const predMonths = origins.at(0)?.predMonths ?? 1;
  return { months: origins.length * predMonths, predMonths, season };
}

/** The best single contender and the stack, both learned from earlier origins, at the latest one. */
export interface Rivals {
  /** The index of the best single contender. */
  readonly single: number;
  /** The forecast of the stack, one number a customer. */
  readonly stacked: Float64Array;
}

/** The best single contender and the stack of all, both learned from the `older` origins, at least one. */
export function rivalsAt(latest: OriginForecasts, older: readonly OriginForecasts[]): Rivals {
  const stacked = applyStack(learnStack(older, latest.predMonths), latest.forecasts);
  return { single: bestContender(older), stacked };
}

/** What a combination makes of an origin that it did not know. */
export interface CombinedForecast {
  /** In currency, one number a customer. */
  readonly predicted: Float64Array;
  /** The share of the customers within their interval; null without intervals. */
  readonly coverage: number | null;
  /** The bounds of the total; null without them. */
  readonly totalBounds: TotalBounds | null;
}

/** Forecasts the customers of an origin as the combination has it, and measures its intervals there. */
export function forecastCombined(
  { stack, calibration, intervals, totalSpread }: Combination,
  { forecasts, actual, distributions }: EvaluatedOrigin,
): CombinedForecast {
  const predicted = applyStack(stack, forecasts).map((value) => value * calibration);
  const bounds = intervals && applyIntervals(intervals, predicted, distributions);
  return {
    predicted,
    coverage: bounds && shareWithin(actual, bounds),
    totalBounds: bounds && totalSpread && boundsOfTotal(totalSpread, predicted, bounds),
  };
}
