import { addMonths, type IsoDate, toEpochDay } from '../../calendar/dates.ts';
import { mean } from '../../evaluation/averages.ts';
import { type FoundShift, findLevelShift, type LevelPoint, withoutStep } from './levelShift.ts';
import { fitTrendAndMonths, MONTHS } from './monthlyFit.ts';
import type { LevelShift, Season, ShiftOutlook } from './season.ts';

/** What the customers of one month did in it. */
export interface MonthOfOrders {
  /** Those who had ordered in the year before the month. */
  readonly customers: number;
  /** Their orders in it: days on which one of them bought. */
  readonly orders: number;
  /** Those of them who had ordered in two or more of the twelve months before it. */
  readonly regulars: number;
  /** The orders of these. */
  readonly ordersOfRegulars: number;
}

/**
 * At least a quarter of the year has to be seen twice: it shows the trend, and how much the same month varies from year to
 * year. From a single year nobody can tell a season from a good year. Compared with the season learned from all years, one
 * learned this early is off by a fifth to a third of what no season would be on sample shops, and by six sevenths of it on
 * a small real one (bench/RESULTS.md).
 */
const LEAST_MONTHS = MONTHS + 3;
/** A month with less than this share of the orders of the same month of another year is one in which the shop was closed. */
const CLOSED_SHARE = 0.2;
/** Unless so few orders were to be expected that chance may do that. */
const EXPECTED_ORDERS = 20;

/**
 * Learns how much customers order in the months of the year. What is looked at is the number of orders of each past month
 * per day, so that February does not pass for a quiet month, and per customer of the year before it, so that the growth or
 * loss of customers does not count. Its logarithm is fitted by least squares: a linear trend and twelve monthly effects. The
 * effects are shrunk towards 0 by the share of their variance that is sampling variance, as estimated by moments from the
 * residuals, but not beyond 0 (empirical Bayes, as Efron and Morris 1973 read the estimator of James and Stein 1961).
 *
 * Orders are counted, and not revenue, because a few large orders would pass for a season. A month in which the shop was
 * closed is left out: one with hardly any orders where the same month of another year had them.
 *
 * @param months latest first; the latest ends at `anchor`. @param outlook of a change of level (`findLevelShift`).
 * @returns null for fewer than fifteen months in which the shop was open, and where the months differ by no more than
 *   sampling variance explains.
 */
export function learnSeason(
  months: readonly MonthOfOrders[],
  anchor: IsoDate,
  outlook: ShiftOutlook = 'lasts',
): Season | null {
  if (months.some(({ customers }) => customers === 0)) return null;
  const points = months.map((month, age): LevelPoint => {
    const days = daysOf(anchor, -1 - age);
    return {
      month: MONTHS - 1 - (age % MONTHS),
      time: -age,
      log: logOfRate(month.orders, month.customers, days),
      ordersOfRegulars: month.ordersOfRegulars,
      logOfRegulars: logOfRate(month.ordersOfRegulars, Math.max(1, month.regulars), days),
    };
  });
  const open = points.filter(({ month, log }, age) => {
    const usual = Math.max(...points.filter((it) => it.month === month).map((it) => it.log));
    const expected = (months[age].orders + 0.5) * Math.exp(usual - log);
    return expected < EXPECTED_ORDERS || log >= usual + Math.log(CLOSED_SHARE);
  });
  if (open.length < LEAST_MONTHS) return null;
  const found = findLevelShift(open.filter(({ time }) => months[-time].orders >= EXPECTED_ORDERS));
  const level = found === null ? open : open.map((point) => withoutStep(point, found));
  const { effects, samplingVariance } = fitTrendAndMonths(level);
  const variance = mean(effects.map((effect) => effect ** 2));
  const shrinkage = variance === 0 ? 0 : Math.max(0, 1 - samplingVariance / variance);
  if (shrinkage === 0 && found === null) return null;
  const shift = found && shiftOf(found, anchor, outlook);
  if (shrinkage === 0) return { anchor, index: new Array<number>(MONTHS).fill(1), shift };
  const factors = effects.map((effect) => Math.exp(shrinkage * effect));
  const days = factors.map((_, month) => daysOf(anchor, month));
  const year = days.reduce((total, count) => total + count, 0);
  const average = factors.reduce((total, factor, month) => total + (days[month] / year) * factor, 0);
  return { anchor, index: factors.map((factor) => factor / average), shift };
}

/** Of the orders of a customer on a day; half an order more in all, so that a month without any has a logarithm. */
function logOfRate(orders: number, customers: number, days: number): number {
  return Math.log((orders + 0.5) / customers / days);
}

function shiftOf({ time, jump }: FoundShift, anchor: IsoDate, outlook: ShiftOutlook): LevelShift {
  const until = outlook === 'lasts' ? null : anchor;
  return { from: addMonths(anchor, time - 1), until, factor: Math.exp(jump) };
}

/** Days in the k-th month from a date on; months before it have negative numbers. */
function daysOf(date: IsoDate, month: number): number {
  return toEpochDay(addMonths(date, month + 1)) - toEpochDay(addMonths(date, month));
}
