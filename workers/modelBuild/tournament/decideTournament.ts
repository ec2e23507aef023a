import type { OriginForecasts } from '../../../src/domain/forecast/combination/learnStack.ts';
import {
  type Combination,
  type CombineFor,
  type EvaluatedOrigin,
  withoutOutliers,
} from '../../../src/domain/forecast/combine.ts';
import {
  CONTENDERS,
  type ContenderName,
  contenderIndex,
} from '../../../src/domain/forecast/contenders/contender.ts';
import { pairedBootstrap } from '../../compute/pairedBootstrap.ts';
import type { WorkContext } from '../../processor.ts';

/** How contenders are put together, and why so. */
export interface Decision extends Combination {
  readonly chosen: 'stack' | ContenderName;
  /** The number of origins that it was learned at: those in which nobody bought do not count. */
  readonly origins: number;
  /** How the best single contender and the stack, both learned from the earlier origins, did at the latest; null with one origin. */
  readonly comparison: SingleAgainstStack | null;
}

/** The best single contender compared with the stack. */
export interface SingleAgainstStack {
  readonly single: ContenderName;
  /** RMSE of the single contender less that of the stack, in currency. */
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

/** What is decided for. */
export interface DecideFor extends CombineFor {
  readonly seed: number;
}

/**
 * Takes the stack, or the best single contender where that one wins the next origin beyond noise.
 *
 * @param evaluated origins, latest first; may be empty.
 */
export async function decideTournament(
  evaluated: readonly EvaluatedOrigin[],
  { predMonths, season, seed }: DecideFor,
  context: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<Decision> {
  // A window in which the shop was closed says nothing of who forecasts well.
  const origins = evaluated
    .filter(({ actual }) => actual.some((revenue) => revenue > 0))
    .map(withoutOutliers);
  const comparison = await compareAtLatest(origins, seed, context);
  const isSingle = comparison !== null && comparison.shareSingleBetter >= BEYOND_NOISE;
  const single = isSingle ? contenderIndex(comparison.single) : null;
  const { pool, signal } = context;
  const combination = await pool.run('combineTask', { origins, single, for: { predMonths, season } }, signal);
  return {
    chosen: single === null ? 'stack' : CONTENDERS[single].name,
    ...combination,
    origins: origins.length,
    comparison,
  };
}

async function compareAtLatest(
  [latest, ...older]: readonly OriginForecasts[],
  seed: number,
  { pool, signal }: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<SingleAgainstStack | null> {
  if (latest === undefined || older.length === 0) return null;
  const { single, stacked } = await pool.run('findRivalsTask', { latest, older }, signal);
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
