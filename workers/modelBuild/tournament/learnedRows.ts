import { wholeMonths } from '../../../src/domain/calendar/dataSpan.ts';
import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import { predictionWindow } from '../../../src/domain/calendar/windows.ts';
import { learnCalibration } from '../../../src/domain/forecast/combination/learnCalibration.ts';
import type { ContenderParams } from '../../../src/domain/forecast/contenders/contenderParams.ts';
import {
  joinRows,
  type RowsOfCutoff,
  type TrainingRows,
  withoutOutlyingRows,
} from '../../../src/domain/forecast/contenders/contenderPlans.ts';
import { rateForecast } from '../../../src/domain/forecast/contenders/naiveRate.ts';
import { seasonallyAdjusted } from '../../../src/domain/forecast/contenders/seasonallyAdjusted.ts';
import { monthsOfLabels, trainingCutoffs } from '../../../src/domain/forecast/origins.ts';
import type { Season } from '../../../src/domain/forecast/season/season.ts';
import type { BinnedMatrix } from '../../../src/domain/forest/binning/binnedMatrix.ts';
import { forecastByBtyd } from '../../compute/forecastByBtyd.ts';
import { binOnPool } from '../../compute/trainForest.ts';
import type { ComputePool } from '../../pool.ts';
import type { ShopAtCutoffs } from './shopAtCutoffs.ts';

/** Rows that contenders learn from, about: more customers than that say little more and take time. */
const ENOUGH_ROWS = 150_000;

/** Of a cutoff with fewer customers than this share of those of the latest one, nothing is learned. */
const LEAST_SHARE_OF_CUSTOMERS = 0.01;

/** When contenders are fitted, and for what window. */
export interface FitMoment {
  /** No label reaches past this day: the day up to which the fit may know the shop. */
  readonly end: IsoDate;
  readonly predMonths: number;
  /** What labels are adjusted by, each by its window. */
  readonly season: Season | null;
}

/** What a fit needs beside the data. */
export interface FitContext {
  readonly pool: ComputePool;
  readonly signal: AbortSignal;
}

/** What contenders learn from at one moment. */
export interface LearnedRows {
  readonly moment: FitMoment;
  /** The cutoffs that the rows are of, latest first. */
  readonly cutoffs: readonly IsoDate[];
  readonly rows: TrainingRows;
  /** The matrix of the rows. */
  readonly binned: BinnedMatrix;
}

/**
 * The customers of several cutoffs that were known at one moment, with their labels. The BTYD features of a cutoff come from
 * a purchase model that knew no later order.
 */
export async function learnedRows(
  shop: ShopAtCutoffs,
  moment: FitMoment,
  params: ContenderParams,
  context: FitContext,
): Promise<LearnedRows> {
  const { end, predMonths, season } = moment;
  const [cutoff] = trainingCutoffs(end, predMonths, shop.openingDate, 1);
  const { matrix } = await shop.labelled(cutoff, predMonths);
  const most = Math.floor(ENOUGH_ROWS / Math.max(1, matrix.rows));
  const cutoffs = await withCustomers(
    shop,
    predMonths,
    trainingCutoffs(end, predMonths, shop.openingDate, most),
  );
  // A purchase model is fitted on one thread: those of several cutoffs side by side.
  const labelMonths = monthsOfLabels(end, predMonths, shop.openingDate);
  const parts = await Promise.all(
    cutoffs.map((cutoff) => rowsAt(shop, cutoff, moment, context, labelMonths)),
  );
  const months = wholeMonths({ firstDate: cutoffs[cutoffs.length - 1], dataEnd: end });
  const unseen = parts.map(({ base, labels }) => ({ predicted: base, actual: labels }));
  const rows = joinRows(parts, learnCalibration(unseen, { months, predMonths, season }));
  const binned = await binOnPool(context.pool, rows.matrix, params.forest, context);
  return { moment, cutoffs, rows, binned };
}

/**
 * The cutoffs of a time when the shop had customers, the first one in any case: what a handful of them did, before it opened
 * or while it was closed, would count as much as what happened at other cutoffs.
 */
async function withCustomers(
  shop: ShopAtCutoffs,
  predMonths: number,
  cutoffs: readonly IsoDate[],
): Promise<IsoDate[]> {
  const rows = await Promise.all(
    cutoffs.map(async (cutoff) => (await shop.labelled(cutoff, predMonths)).matrix.rows),
  );
  return cutoffs.filter((_, i) => i === 0 || rows[i] >= LEAST_SHARE_OF_CUSTOMERS * rows[0]);
}

/** Labels of fewer months than are predicted, raised as if the other months were like them. */
async function labelsOfFewer(
  shop: ShopAtCutoffs,
  cutoff: IsoDate,
  months: number,
  { predMonths, season }: Pick<FitMoment, 'predMonths' | 'season'>,
): Promise<Float64Array<SharedArrayBuffer>> {
  const spent = await shop.spent(cutoff, months);
  const raised = spent.map((value) => (value * predMonths) / months);
  return seasonallyAdjusted(raised, predictionWindow(cutoff, months), season);
}

/**
 * The customers at a cutoff without outliers, with what a purchase model that knew nothing later forecasts of them.
 *
 * @param labelMonths how many months their labels are of: as many as are predicted, or fewer.
 */
export async function rowsAt(
  shop: ShopAtCutoffs,
  cutoff: IsoDate,
  { predMonths, season }: FitMoment,
  { pool, signal }: FitContext,
  labelMonths = predMonths,
): Promise<RowsOfCutoff> {
  const customers = await shop.labelled(cutoff, predMonths);
  const labels =
    labelMonths === predMonths
      ? seasonallyAdjusted(customers.labels, customers.window, season)
      : await labelsOfFewer(shop, cutoff, labelMonths, { predMonths, season });
  const btyd = await shop.purchaseModel(cutoff, season);
  const { matrix, base } = await forecastByBtyd(pool, btyd, customers, { signal });
  return withoutOutlyingRows({
    matrix,
    labels,
    base,
    rate: rateForecast(matrix, customers.months),
  });
}
