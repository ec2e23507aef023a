import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import {
  boostedParams,
  type ContenderParams,
} from '../../../src/domain/forecast/contenders/contenderParams.ts';
import {
  type BoosterPlan,
  boostedTarget,
  type ForestPlan,
  fitBoostedTarget,
  learnedLabels,
  planContenders,
} from '../../../src/domain/forecast/contenders/contenderPlans.ts';
import {
  allContenders,
  type GrownContenders,
} from '../../../src/domain/forecast/contenders/growContenders.ts';
import { scaleLabels } from '../../../src/domain/forecast/contenders/scaleLabels.ts';
import { fitLinearLeavesOnPool } from '../../compute/fitLinearLeaves.ts';
import type { ContendersOfMoment } from '../../compute/forecastContenders.ts';
import { trainForest } from '../../compute/trainForest.ts';
import { type FitContext, type LearnedRows, rowsAt } from './learnedRows.ts';
import type { ShopAtCutoffs } from './shopAtCutoffs.ts';

/** The contenders, fitted on all that was known at one moment: all of them, in the order of CONTENDERS. */
export interface FittedContenders extends ContendersOfMoment {
  /** The cutoffs whose labels they learned from, latest first. */
  readonly cutoffs: readonly IsoDate[];
}

/**
 * Fits every contender on the labels of several cutoffs together, customers at all ages that the shop has seen.
 *
 * @param learned what they learn from. @param boostedTrees how many trees to boost.
 */
export async function fitContenders(
  shop: ShopAtCutoffs,
  { moment: { end, season }, cutoffs, rows, binned }: LearnedRows,
  params: ContenderParams,
  boostedTrees: number,
  context: FitContext,
): Promise<FittedContenders> {
  const plans = planContenders(rows, binned, boostedTrees, params);
  // One thread boosts while the others grow forests.
  const [boosted, forest, forestOnBtyd, btyd] = await Promise.all([
    boostOnPool(plans.boosted, context),
    growOnPool(plans.forest, context),
    growOnPool(plans.forestOnBtyd, context),
    shop.purchaseModel(end, season),
  ]);
  const contenders = allContenders(rows.latestMean, { forest, boosted, forestOnBtyd });
  return { btyd, season, cutoffs, contenders };
}

async function boostOnPool(
  { data, target, weights, params, form }: BoosterPlan,
  { pool, signal }: FitContext,
): Promise<GrownContenders['boosted']> {
  const { booster } = await pool.run('growBoosterTask', { data, target, weights, params }, signal);
  return { booster, target: form };
}

async function growOnPool(
  { data, target, regressor, params, form }: ForestPlan,
  { pool, signal }: FitContext,
): Promise<GrownContenders['forest']> {
  const { forest } = await trainForest(pool, data, target, params, { signal, outOfBag: false });
  const lines = await fitLinearLeavesOnPool(pool, forest, data, target, regressor, { signal });
  return { forest, lines, target: form };
}

/**
 * How many boosted trees are best out of time: grown on what was known at an origin, stopped early on what followed.
 * At least one.
 */
export async function findBoostedTrees(
  shop: ShopAtCutoffs,
  { moment, rows, binned }: LearnedRows,
  params: ContenderParams,
  context: FitContext,
): Promise<number> {
  const later = await rowsAt(shop, moment.end, moment, context);
  const { learned } = learnedLabels(rows.labels, params);
  const ratio = fitBoostedTarget(rows, learned);
  // What came is held against the trees whole, whatever they learned of it.
  const labels = scaleLabels(later.labels, later.base, rows.calibration);
  const { target, weights } = boostedTarget(ratio, labels, later.base);
  const { booster } = await context.pool.run(
    'growBoosterTask',
    {
      data: binned,
      ...boostedTarget(ratio, learned, rows.base),
      params: boostedParams(null, rows.cutoffs, params.forest),
      validation: { data: later.matrix, target, weights },
    },
    context.signal,
  );
  return Math.max(1, booster.treeOffsets.length - 1);
}
