import type { BtydModel } from '../btyd/btydModel.ts';
import type { FittedContender } from './contender.ts';
import type { IntervalTable } from './intervals.ts';
import type { StackWeights } from './stack.ts';

/** A whole model: contenders, how they are put together, and how sure the result is. Everything that scoring needs. */
export interface Forecaster {
  readonly historyMonths: number;
  readonly predMonths: number;
  /** Null for a shop where nobody bought twice: then the rate stands in for its forecast. */
  readonly btyd: BtydModel | null;
  /** The contenders that carry weight, in the order of CONTENDERS. */
  readonly contenders: readonly FittedContender[];
  /** One weight a contender, in that order. */
  readonly stack: StackWeights;
  /** What the stack is multiplied with, so that totals add up. */
  readonly calibration: number;
  /** Null where there were too few months to learn them from. */
  readonly intervals: IntervalTable | null;
}
