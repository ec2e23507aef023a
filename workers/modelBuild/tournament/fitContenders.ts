import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import type { BtydForecast } from '../../../src/domain/forecast/contenders/btydForecast.ts';
import {
  boostedParams,
  type ContenderParams,
} from '../../../src/domain/forecast/contenders/contenderParams.ts';
import {
  type BoosterPlan,
  boostedTarget,
  type ForestPlan,
  fitBoostedTarget,
  joinRows,
  planContenders,
  type RowsOfCutoff,
  type TrainingRows,
} from '../../../src/domain/forecast/contenders/contenderPlans.ts';
import {
  allContenders,
  type GrownContenders,
} from '../../../src/domain/forecast/contenders/growContenders.ts';
import { levelLabels } from '../../../src/domain/forecast/contenders/levelLabels.ts';
import { rateForecast } from '../../../src/domain/forecast/contenders/naiveRate.ts';
import { usualLabels } from '../../../src/domain/forecast/contenders/usualLabels.ts';
import { trainingCutoffs } from '../../../src/domain/forecast/origins.ts';
import type { Season } from '../../../src/domain/forecast/season/season.ts';
import { fitLinearLeavesOnPool } from '../../compute/fitLinearLeaves.ts';
import { forecastByBtyd } from '../../compute/forecastByBtyd.ts';
import type { ContendersOfMoment } from '../../compute/forecastContenders.ts';
import { binOnPool, trainForest } from '../../compute/trainForest.ts';
import type { ComputePool } from '../../pool.ts';
import type { LabelledCustomersAt, ShopAtCutoffs } from './shopAtCutoffs.ts';

/** Rows that contenders learn from, about: more customers than that say little more and take time. */
const ENOUGH_ROWS = 150_000;

/** The contenders, fitted on all that was known at one moment: all of them, in the order of CONTENDERS. */
export interface FittedContenders extends ContendersOfMoment {
  /** The cutoffs whose labels they learned from, latest first. */
  readonly cutoffs: readonly IsoDate[];
}

/** When contenders are fitted, and for what window. */
export interface FitMoment {
  /** No label reaches past this day: the day up to which the fit may know the shop. */
  readonly end: IsoDate;
  readonly predMonths: number;
  /** What labels are divided by, each by its window, so that contenders learn of usual months. */
  readonly season: Season | null;
}

interface FitContext {
  readonly pool: ComputePool;
  readonly signal: AbortSignal;
}

/**
 * Fits every contender on the labels of several cutoffs together, customers at all ages that the shop has seen. The
 * BTYD features of a cutoff come from a purchase model that knew no later order.
 *
 * @param boostedTrees how many trees to boost.
 */
export async function fitContenders(
  shop: ShopAtCutoffs,
  moment: FitMoment,
  params: ContenderParams,
  boostedTrees: number,
  context: FitContext,
): Promise<FittedContenders> {
  const { pool, signal } = context;
  const { end, season } = moment;
  const { cutoffs, rows } = await learnedFrom(shop, moment, context);
  const binned = await binOnPool(pool, rows.matrix, params.forest, { signal });
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
  moment: FitMoment,
  params: ContenderParams,
  context: FitContext,
): Promise<number> {
  const { pool, signal } = context;
  const { end, season } = moment;
  const { rows } = await learnedFrom(shop, moment, context);
  const later = await withForecast(shop, end, moment, context);
  const ratio = fitBoostedTarget(rows, rows.labels);
  const { target, weights } = boostedTarget(
    ratio,
    levelLabels(usualLabels(later.labels, later.window, season), later.base),
    later.base,
  );
  const { booster } = await pool.run(
    'growBoosterTask',
    {
      data: await binOnPool(pool, rows.matrix, params.forest, { signal }),
      ...boostedTarget(ratio, rows.labels, rows.base),
      params: boostedParams(null, rows.cutoffs, params.forest),
      validation: { data: later.matrix, target, weights },
    },
    signal,
  );
  return Math.max(1, booster.treeOffsets.length - 1);
}

/** The training rows of a moment, and the cutoffs that they are of. */
async function learnedFrom(
  shop: ShopAtCutoffs,
  moment: FitMoment,
  context: FitContext,
): Promise<{ readonly cutoffs: readonly IsoDate[]; readonly rows: TrainingRows }> {
  const { end, predMonths } = moment;
  const [cutoff] = trainingCutoffs(end, predMonths, shop.firstDate, 1);
  const { matrix } = await shop.labelled(cutoff, predMonths);
  const most = Math.floor(ENOUGH_ROWS / Math.max(1, matrix.rows));
  const cutoffs = trainingCutoffs(end, predMonths, shop.firstDate, most);
  return { cutoffs, rows: await trainingRows(shop, cutoffs, moment, context) };
}

async function trainingRows(
  shop: ShopAtCutoffs,
  cutoffs: readonly IsoDate[],
  moment: FitMoment,
  context: FitContext,
): Promise<TrainingRows> {
  const { season } = moment;
  const parts: RowsOfCutoff[] = [];
  for (const cutoff of cutoffs) {
    const { matrix, labels, window, months, base } = await withForecast(shop, cutoff, moment, context);
    const rate = rateForecast(matrix, months);
    parts.push({ matrix, labels: usualLabels(labels, window, season), base, rate });
  }
  return joinRows(parts);
}

/** Customers with what a purchase model that knew nothing later forecasts of them, as features and as a base. */
async function withForecast(
  shop: ShopAtCutoffs,
  cutoff: IsoDate,
  { predMonths, season }: FitMoment,
  { pool, signal }: FitContext,
): Promise<LabelledCustomersAt & BtydForecast> {
  const customers = await shop.labelled(cutoff, predMonths);
  const btyd = await shop.purchaseModel(cutoff, season);
  const forecast = await forecastByBtyd(pool, btyd, customers, { signal });
  return { ...customers, ...forecast };
}
