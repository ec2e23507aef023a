import type { Forest } from '../forest/forest.ts';
import { ANY_SIZE, type StackWeights } from './combination/stack.ts';
import type { FittedContender } from './contenders/contender.ts';
import type { Intervals } from './intervals/intervals.ts';
import type { TotalSpread } from './intervals/totalSpread.ts';
import type { PurchaseModel } from './purchases/purchaseModel.ts';
import type { Season } from './season/season.ts';

/** A whole model: contenders, how they are put together, and how sure the result is. Everything that scoring needs. */
export interface Forecaster {
  readonly historyMonths: number;
  readonly predMonths: number;
  /** Null for a shop where nobody bought twice, and for a single forest: the rate stands in for its forecast. */
  readonly btyd: PurchaseModel | null;
  /** Knows who is still active and when they order next; null where `btyd` is, and in files of before, where `btyd` stands in. */
  readonly activity: PurchaseModel | null;
  /** At least one, in the order of CONTENDERS. */
  readonly contenders: readonly FittedContender[];
  /** One weight a contender, in that order. */
  readonly stack: StackWeights;
  /** What the forecast of each contender is multiplied with, by its window; null where no season was found. */
  readonly season: Season | null;
  /** What the stack is multiplied with, so that totals add up. */
  readonly calibration: number;
  /** Null where there were too few months to learn them from. */
  readonly intervals: Intervals | null;
  /** Null as before, and in files of before. */
  readonly totalSpread: TotalSpread | null;
}

/** A model of one forest alone: no purchase model, no season, no intervals. */
export function forecasterOfForest(
  forest: Forest,
  windows: { readonly historyMonths: number; readonly predMonths: number },
): Forecaster {
  const { historyMonths, predMonths } = windows;
  return {
    historyMonths,
    predMonths,
    btyd: null,
    activity: null,
    contenders: [{ name: 'forest', forest, lines: null, target: { kind: 'identity' } }],
    stack: { bulk: [1], largest: [1], gauge: [1], reach: null, ...ANY_SIZE },
    season: null,
    calibration: 1,
    intervals: null,
    totalSpread: null,
  };
}
