import type { RevenueLaws } from '../../../src/domain/btyd/revenueLaws.ts';
import { learnCalibration } from '../../../src/domain/forecast/combination/learnCalibration.ts';
import {
  bestContender,
  learnStack,
  type OriginForecasts,
  onlyContender,
  stackEachUnseen,
} from '../../../src/domain/forecast/combination/learnStack.ts';
import { applyStack, type StackWeights } from '../../../src/domain/forecast/combination/stack.ts';
import { CONTENDERS, type ContenderName } from '../../../src/domain/forecast/contenders/contender.ts';
import type { Intervals } from '../../../src/domain/forecast/intervals/intervals.ts';
import { learnIntervals } from '../../../src/domain/forecast/intervals/learnIntervals.ts';
import type { Season } from '../../../src/domain/forecast/season/season.ts';
import { pairedBootstrap } from '../../compute/pairedBootstrap.ts';
import type { WorkContext } from '../../processor.ts';

/** How contenders are put together, and why so. */
export interface Decision {
  readonly chosen: 'stack' | ContenderName;
  readonly stack: StackWeights;
  readonly calibration: number;
  /** Null where there was no origin to learn them from. */
  readonly intervals: Intervals | null;
  /** The number of origins that it was learned at: those in which nobody bought do not count. */
  readonly origins: number;
  /** How stack and best single contender, both learned from the origins before, did at the latest; null with one origin. */
  readonly duel: Duel | null;
}

/** The RMSE of the single contender less that of the stack, in currency. */
export interface Duel {
  readonly single: ContenderName;
  readonly rmseDifference: number;
  /** The share of the resampled customers of whom the single contender was the better one. */
  readonly shareSingleBetter: number;
}

/**
 * The share of the resamples in which a single contender has to be better to take the stack's place. A handful of large
 * customers decides the squared error, and resampling them makes intervals that are too narrow; at 97.5 %, single
 * contenders that were taken did worse at the next origin than the stack would have (bench/RESULTS.md).
 */
export const BEYOND_NOISE = 0.999;

/** An origin at which contenders met, with the laws by which its customers spend; null without a purchase model. */
export interface MetOrigin extends OriginForecasts {
  readonly laws: RevenueLaws | null;
}

/** What is decided for. */
export interface DecideFor {
  /** Of the window that the decision will forecast. */
  readonly predMonths: number;
  /** What the forecasts of the origins follow; null where nobody knows one. */
  readonly season: Season | null;
  readonly seed: number;
}

/**
 * Takes the stack, or the best single contender where that one wins the next origin beyond noise.
 *
 * @param met origins, latest first; may be empty.
 */
export async function decideTournament(
  met: readonly MetOrigin[],
  { predMonths, season, seed }: DecideFor,
  context: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<Decision> {
  // A window in which the shop was closed says nothing of who forecasts well.
  const origins = met.filter(({ actual }) => actual.some((revenue) => revenue > 0));
  const duel = await meet(origins, seed, context);
  const isSingle = duel !== null && duel.shareSingleBetter >= BEYOND_NOISE;
  const single = isSingle ? CONTENDERS.findIndex(({ name }) => name === duel.single) : null;
  const stack = single === null ? learnStack(origins, predMonths) : onlyContender(single);
  const stacked = single === null ? stackEachUnseen(origins) : origins.map((it) => it.forecasts[single]);
  const unseen = origins.map(({ actual }, i) => ({ predicted: stacked[i], actual }));
  return {
    chosen: single === null ? 'stack' : CONTENDERS[single].name,
    stack,
    calibration: learnCalibration(unseen, monthsOf(origins), season),
    intervals:
      unseen.length === 0
        ? null
        : learnIntervals(unseen[0], {
            laws: origins[0].laws,
            windowRatio: predMonths / origins[0].predMonths,
          }),
    origins: origins.length,
    duel,
  };
}

/** The months that the windows of origins hold together: one follows the other. */
function monthsOf(origins: readonly OriginForecasts[]): number {
  return origins.reduce((months, origin) => months + origin.predMonths, 0);
}

async function meet(
  [latest, ...older]: readonly OriginForecasts[],
  seed: number,
  { pool, signal }: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<Duel | null> {
  if (latest === undefined || older.length === 0) return null;
  const single = bestContender(older);
  const stacked = applyStack(learnStack(older, latest.predMonths), latest.forecasts);
  const { rmseDifference, shareFirstBetter } = await pairedBootstrap(
    pool,
    latest.forecasts[single],
    stacked,
    latest.actual,
    seed,
    { signal },
  );
  return { single: CONTENDERS[single].name, rmseDifference, shareSingleBetter: shareFirstBetter };
}
