import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import { joinColumns, joinMatrices } from '../../../src/domain/features/joinMatrices.ts';
import type { FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { boostedParams, type ContenderParams } from '../../../src/domain/forecast/contenderParams.ts';
import { trainingCutoffs } from '../../../src/domain/forecast/origins.ts';
import { type Season, seasonOfWindow } from '../../../src/domain/forecast/season.ts';
import { firstFeatures } from '../../../src/domain/forest/firstFeatures.ts';
import { fitTarget, type TargetForm, toLearned } from '../../../src/domain/targets/targetForm.ts';
import { type BtydForecast, forecastByBtyd } from '../../compute/forecastByBtyd.ts';
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
  const { end, predMonths, season } = moment;
  const latest = await shop.labelled(trainingCutoffs(end, predMonths, shop.firstDate, 1)[0], predMonths);
  const most = Math.floor(ENOUGH_ROWS / Math.max(1, latest.matrix.rows));
  const cutoffs = trainingCutoffs(end, predMonths, shop.firstDate, most);
  const rows = await trainingRows(shop, cutoffs, moment, context);
  const binned = await binOnPool(pool, rows.matrix, params.forest, { signal });
  const labelForm: TargetForm =
    params.winsorise === null ? { kind: 'identity' } : { kind: 'winsorised', quantile: params.winsorise };
  const labels = fitTarget(labelForm, rows.labels);
  const residual = fitTarget({ kind: 'residual' }, rows.labels, rows.base);
  const learned = toLearned(labels, rows.labels).target;
  // One thread boosts while the others grow forests.
  const boosting = pool.run(
    'growBoosterTask',
    {
      data: binned,
      target: learned.map((value) => Math.max(0, value)),
      params: boostedParams(boostedTrees, params.forest),
    },
    signal,
  );
  const options = { signal, outOfBag: false };
  const forestOf = async (isOnBtyd: boolean) => {
    const data = isOnBtyd ? binned : firstFeatures(binned, latest.matrix.featureNames.length);
    const target = isOnBtyd ? toLearned(residual, learned, rows.base).target : learned;
    return (await trainForest(pool, data, target, params.forest, options)).forest;
  };
  const [{ booster }, forest, onBtyd, btyd] = await Promise.all([
    boosting,
    forestOf(false),
    forestOf(true),
    shop.purchaseModel(end),
  ]);
  const sum = usualLabels(latest, season).reduce((total, label) => total + label, 0);
  return {
    btyd,
    season,
    cutoffs,
    contenders: [
      { name: 'mean', value: sum / latest.labels.length },
      { name: 'rate' },
      { name: 'btyd' },
      { name: 'forest', forest, target: labels },
      { name: 'boosted', booster, target: labels },
      { name: 'forest_btyd', forest: onBtyd, target: residual },
    ],
  };
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
  const { end, predMonths, season } = moment;
  const cutoffs = trainingCutoffs(end, predMonths, shop.firstDate);
  const rows = await trainingRows(shop, cutoffs, moment, context);
  const later = await withForecast(shop, end, predMonths, context);
  const { booster } = await pool.run(
    'growBoosterTask',
    {
      data: await binOnPool(pool, rows.matrix, params.forest, { signal }),
      target: rows.labels.map((label) => Math.max(0, label)),
      params: boostedParams(null, params.forest),
      validation: {
        data: later.matrix,
        target: usualLabels(later, season).map((label) => Math.max(0, label)),
      },
    },
    signal,
  );
  return Math.max(1, booster.treeOffsets.length - 1);
}

interface TrainingRows {
  readonly matrix: FeatureMatrix;
  readonly labels: Float64Array<SharedArrayBuffer>;
  /** What btyd forecasts of each row, in currency, season aside as in the labels. */
  readonly base: Float64Array<SharedArrayBuffer>;
}

async function trainingRows(
  shop: ShopAtCutoffs,
  cutoffs: readonly IsoDate[],
  { predMonths, season }: FitMoment,
  context: FitContext,
): Promise<TrainingRows> {
  const parts: (LabelledCustomersAt & BtydForecast)[] = [];
  for (const cutoff of cutoffs) parts.push(await withForecast(shop, cutoff, predMonths, context));
  return {
    matrix: joinMatrices(parts.map((part) => part.matrix)),
    labels: joinColumns(parts.map((part) => usualLabels(part, season))),
    base: joinColumns(parts.map((part) => part.base)),
  };
}

/** The labels over the factor of their window: what these months would have brought had they been usual ones. */
function usualLabels({ labels, window }: LabelledCustomersAt, season: Season | null): Float64Array {
  const factor = seasonOfWindow(season, window);
  return labels.map((label) => label / factor);
}

/** Customers with what a purchase model that knew nothing later forecasts of them, as features and as a base. */
async function withForecast(
  shop: ShopAtCutoffs,
  cutoff: IsoDate,
  predMonths: number,
  { pool, signal }: FitContext,
): Promise<LabelledCustomersAt & BtydForecast> {
  const customers = await shop.labelled(cutoff, predMonths);
  const windows = { historyMonths: shop.historyMonths, predMonths };
  const forecast = await forecastByBtyd(pool, await shop.purchaseModel(cutoff), customers, windows, {
    signal,
  });
  return { ...customers, ...forecast };
}
